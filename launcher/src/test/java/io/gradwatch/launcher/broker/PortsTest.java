package io.gradwatch.launcher.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Reader;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
    @TempDir
    Path folder;

    @Test
    void picksAPortOutsideTheRangeOfOutgoingConnections() throws Exception {
        assertThat(Ports.pick(new Random(1), 0)).isBetween(20_000, 29_999);
    }

    @Test
    void picksNeitherAPortInUseNorTheOneThatIsPromised() throws Exception {
        int first = Ports.pick(new Random(7), 0);
        try (ServerSocket taken = new ServerSocket(first, 1, Ports.loopback())) {
            int second = Ports.pick(new Random(7), 0);
            int third = Ports.pick(new Random(7), second);

            assertThat(taken.isBound()).isTrue();
            assertThat(second).isNotEqualTo(first);
            assertThat(third).isNotIn(first, second);
        }
    }

    @Test
    void tellsWhatIsFreeAndWhatAccepts() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, Ports.loopback())) {
            port = socket.getLocalPort();
            assertThat(Ports.isFree(Ports.loopback(), port)).isFalse();
            assertThat(Ports.accepts(port)).isTrue();
        }
        assertThat(Ports.isFree(Ports.loopback(), port)).isTrue();
        assertThat(Ports.accepts(port)).isFalse();
    }

    @Nested
    class Remembered {
        @Test
        void staysTheSameFromStartToStart() throws Exception {
            BrokerIdentity first = BrokerIdentity.remembered(file(), new Random(1));
            BrokerIdentity second = BrokerIdentity.remembered(file(), new Random(2));

            assertThat(second).isEqualTo(first);
            assertThat(first.port()).isNotEqualTo(first.controllerPort());
        }

        @Test
        void changesOnlyThePortThatIsTaken() throws Exception {
            BrokerIdentity first = BrokerIdentity.remembered(file(), new Random(1));
            try (ServerSocket taken = new ServerSocket(first.port(), 1, Ports.loopback())) {
                BrokerIdentity second = BrokerIdentity.remembered(file(), new Random(1));

                assertThat(taken.isBound()).isTrue();
                assertThat(second.port()).isNotEqualTo(first.port());
                assertThat(second.controllerPort()).isEqualTo(first.controllerPort());
                assertThat(second.clusterId()).isEqualTo(first.clusterId());
                assertThat(stored()).containsEntry("port", Integer.toString(second.port()));
            }
        }

        @Test
        void replacesAPortThatIsNone() throws Exception {
            Files.writeString(file(), "cluster.id=abc\nport=99999\ncontroller.port=none\n");

            BrokerIdentity identity = BrokerIdentity.remembered(file(), new Random(1));

            assertThat(identity.clusterId()).isEqualTo("abc");
            assertThat(identity.port()).isBetween(20_000, 29_999);
            assertThat(identity.controllerPort()).isBetween(20_000, 29_999);
        }

        private Path file() {
            return folder.resolve("broker.properties");
        }

        private Properties stored() throws Exception {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file())) {
                properties.load(reader);
            }
            return properties;
        }
    }
}
