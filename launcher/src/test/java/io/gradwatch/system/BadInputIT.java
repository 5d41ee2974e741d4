package io.gradwatch.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees who made a mistake: what is wrong, where, what is accepted; exit code 2; no stack trace. */
class BadInputIT {
    @TempDir
    Path temporary;

    private Path home = Path.of("");

    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createDirectory(temporary.resolve("home"));
    }

    private String refused(String... arguments) throws Exception {
        try (Gradwatch command = Gradwatch.start(home, arguments)) {
            int exit = command.awaitExit(Duration.ofSeconds(60));
            String output = command.output();
            assertThat(exit).as(output).isEqualTo(2);
            assertThat(output).doesNotContain("Exception", "\tat ");
            assertThat(command.descendants()).isEmpty();
            return output;
        }
    }

    @Test
    void anUnknownPresetIsAnsweredWithTheNearestOnes() throws Exception {
        assertThat(refused("train", "vgg83", "--kafka", "none")).contains("vgg83", "vgg38", "vgg08");
    }

    @Test
    void severalBadValuesAreReportedTogether() throws Exception {
        assertThat(refused("train", "vgg08", "--lr", "-0.1", "--batch", "0", "--kafka", "none"))
                .contains("--lr", "-0.1", "--batch");
    }

    @Test
    void aFolderWithoutCifarIsNamedWithTheFilesThatAreExpected() throws Exception {
        Path empty = Files.createDirectory(temporary.resolve("empty"));
        assertThat(refused("train", "vgg08", "--data", empty.toString(), "--kafka", "none"))
                .contains(empty.toString(), "train.bin");
    }

    @Test
    void aDamagedCifarFileIsNamed() throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("cifar-100-binary"));
        Files.write(folder.resolve("train.bin"), new byte[3074 * 2 + 17]);
        Files.write(folder.resolve("test.bin"), new byte[3074]);
        assertThat(refused("train", "vgg08", "--data", folder.toString(), "--kafka", "none"))
                .contains("train.bin", "3074");
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertThat(refused("up", "--port", port)).contains(port, "--port");
        }
    }

    @Test
    void aKafkaThatDoesNotAnswerIsNamed() throws Exception {
        assertThat(refused("up", "--port", "0", "--kafka", "127.0.0.1:1")).contains("127.0.0.1:1");
        assertThat(refused("train", "vgg08", "--kafka", "127.0.0.1:1")).contains("127.0.0.1:1");
    }

    @Test
    void aDataDirectoryOfAnotherVersionIsLeftAlone() throws Exception {
        Files.writeString(home.resolve("VERSION"), "999\n");
        assertThat(refused("up", "--port", "0")).contains(home.toString(), "999");
        assertThat(home.resolve("VERSION")).hasContent("999");
    }

    @Test
    void aDataDirectoryInUseIsNamedWithItsOwner() throws Exception {
        try (Gradwatch owner = Gradwatch.start(home, "up", "--port", "0")) {
            String url = owner.awaitUrl(Duration.ofSeconds(60));

            String output = refused("up", "--port", "0");

            assertThat(output).contains(home.toString(), Long.toString(owner.pid()), url);
        }
    }
}
