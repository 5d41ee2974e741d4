package io.gradwatch.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {
    @TempDir
    Path folder;

    @Test
    void isWrittenByTheFirstCleanEndAndUsedFromThenOn() throws Exception {
        assertThat(run(archive())).isZero();

        assertThat(archive().jvmArguments()).anyMatch(a -> a.startsWith("-XX:SharedArchiveFile="));
        assertThat(run(archive())).isZero();
    }

    @Test
    void isNotKeptFromAProgramThatFailed() throws Exception {
        ClassArchive archive = archive();
        Files.writeString(Path.of(argument(archive).substring("-XX:ArchiveClassesAtExit=".length())), "cut off");

        archive.programEnded(137);

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void anotherClassPathHasAnotherOne() throws Exception {
        run(archive());

        ClassArchive other = ClassArchive.of(folder, "child", List.of(folder.resolve("other.jar")));

        assertThat(argument(other)).startsWith("-XX:ArchiveClassesAtExit=");
    }

    @Test
    void doesWithoutOneForClassFolders() throws Exception {
        assertThat(ClassArchive.of(folder, "child", List.of(folder)).jvmArguments())
                .isEmpty();
    }

    @Test
    void aDamagedOneOnlyCostsTime() throws Exception {
        run(archive());
        try (var files = Files.newDirectoryStream(folder, "*.jsa")) {
            for (Path file : files) {
                Files.delete(file);
                Files.writeString(file, "damaged");
            }
        }

        assertThat(run(archive())).isZero();
    }

    private ClassArchive archive() throws Exception {
        return ClassArchive.of(folder, "child", jars());
    }

    private static String argument(ClassArchive archive) {
        return archive.jvmArguments().get(0);
    }

    // the JVM archives classes of jars only, so a program of a library serves
    private static List<Path> jars() throws Exception {
        return List.of(Path.of(picocli.CommandLine.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI()));
    }

    private int run(ClassArchive archive) throws Exception {
        ChildProcess child = ChildProcess.start(
                JavaProgram.of("picocli.AutoComplete", jars())
                        .withJvmArguments(archive.jvmArguments())
                        .withArguments(List.of("--help")),
                new Output.Logged(folder.resolveSibling("archive.log"), line -> {}));
        int code = child.exit().join();
        archive.programEnded(code);
        return code;
    }
}
