package io.gradwatch.launcher.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.launcher.terminal.Problem;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaAddressTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"localhost:9092", "a.example:1,b.example:65535", "[::1]:9092"})
    void acceptsHostsWithPorts(String address) {
        assertThat(KafkaAddress.of(address, null).bootstrap()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "localhost:", ":9092", "localhost:9092,", "http://localhost:9092"})
    void refusesAnythingElse(String address) {
        assertThatThrownBy(() -> KafkaAddress.of(address, null))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("\"" + address + "\"")
                .hasMessageContaining("HOST:PORT");
    }

    @Test
    void takesTheAddressOfTheFile() throws Exception {
        Path file = Files.writeString(folder.resolve("client.properties"), "bootstrap.servers=kafka.example:9093\n");

        assertThat(KafkaAddress.of(null, file).bootstrap()).isEqualTo("kafka.example:9093");
        assertThat(KafkaAddress.of("other.example:1", file).bootstrap()).isEqualTo("other.example:1");
    }

    @Test
    void namesAFileThatIsNotThereOrNamesNoAddress() throws Exception {
        assertThatThrownBy(() -> KafkaAddress.of("a:1", folder.resolve("none.properties")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("none.properties")
                .hasMessageContaining("no such file");
        Path empty = Files.writeString(folder.resolve("empty.properties"), "");
        assertThatThrownBy(() -> KafkaAddress.of(null, empty))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("bootstrap.servers");
    }

    @Test
    void saysWithinFiveSecondsThatNothingAnswers() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, Ports.loopback())) {
            port = socket.getLocalPort();
        }
        assertRefusedInTime("127.0.0.1:" + port);
    }

    @Test
    void saysWithinFiveSecondsThatSomethingElseListensThere() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, Ports.loopback())) {
            assertRefusedInTime("127.0.0.1:" + silent.getLocalPort());
        }
    }

    @Test
    void namesAHostThatIsUnknown() {
        assertRefusedInTime("no-such-host.invalid:9092");
    }

    private static void assertRefusedInTime(String address) {
        long begun = System.nanoTime();
        assertThatThrownBy(() -> KafkaAddress.of(address, null).requireAnswer())
                .isInstanceOfSatisfying(
                        Problem.class, p -> assertThat(p.exitCode()).isEqualTo(2))
                .hasMessageContaining(address);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(7));
    }
}
