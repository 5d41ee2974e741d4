package io.gradwatch.launcher.datadir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.launcher.terminal.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path folder;

    @Test
    void isTheOptionElseTheVariableElseInTheHome() {
        Map<String, String> environment = Map.of("GRADWATCH_HOME", "/from/variable");

        assertThat(DataDirectory.meant(Path.of("/from/option"), environment).root())
                .isEqualTo(Path.of("/from/option"));
        assertThat(DataDirectory.meant(null, environment).root()).isEqualTo(Path.of("/from/variable"));
        assertThat(DataDirectory.meant(null, Map.of()).root())
                .isEqualTo(Path.of(System.getProperty("user.home"), ".gradwatch"));
    }

    @Test
    void isCreatedWithItsFormat() {
        Path root = folder.resolve("new/one");

        new DataDirectory(root).prepare();
        new DataDirectory(root).prepare();

        assertThat(root.resolve("VERSION")).hasContent("1");
    }

    @Test
    void ofAnotherFormatIsRefusedAndLeftAlone() throws Exception {
        Files.writeString(folder.resolve("VERSION"), "2\n");

        assertRefused(folder, "format \"2\"", "accepted is 1", "--data-dir");

        assertThat(folder.resolve("VERSION")).hasContent("2");
        assertThat(folder.resolve("logs")).doesNotExist();
    }

    @Test
    void thatHoldsSomethingElseIsRefused() throws Exception {
        Files.writeString(folder.resolve("thesis.tex"), "");

        assertRefused(folder, "thesis.tex", "accepted is an empty or a new directory");

        assertThat(folder.resolve("VERSION")).doesNotExist();
    }

    @Test
    void thatATrainerHasBegunIsTakenOver() throws Exception {
        Files.createDirectories(folder.resolve("datasets"));

        new DataDirectory(folder).prepare();

        assertThat(folder.resolve("VERSION")).exists();
    }

    @Test
    void thatIsAFileIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertRefused(file, "cannot be used");
        assertRefused(file.resolve("below"), "cannot be used");
    }

    private static void assertRefused(Path root, String... parts) {
        assertThatThrownBy(() -> new DataDirectory(root).prepare())
                .isInstanceOfSatisfying(
                        Problem.class, p -> assertThat(p.exitCode()).isEqualTo(2))
                .hasMessageContaining(root.toString())
                .satisfies(e -> assertThat(e.getMessage()).contains(parts));
    }
}
