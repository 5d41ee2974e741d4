package io.gradwatch.launcher.broker;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.Uuid;

/**
 * What the broker of a data directory keeps from start to start: clients that outlive a broker find it again on the
 * same port.
 *
 * @param clusterId Kafka's cluster id, as its storage was formatted with
 * @param port where clients connect, on 127.0.0.1
 * @param controllerPort where the broker talks to its own controller, on 127.0.0.1
 */
record BrokerIdentity(String clusterId, int port, int controllerPort) {

    /**
     * Reads the identity of a data directory, or makes one, and replaces ports that are taken by something else. What
     * is returned is in the file.
     */
    static BrokerIdentity remembered(Path file, RandomGenerator random) throws IOException {
        Properties stored = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                stored.load(reader);
            } catch (IllegalArgumentException e) {
                throw new IOException(file + " is damaged: " + e.getMessage(), e);
            }
        }
        String clusterId = stored.getProperty("cluster.id", "");
        if (clusterId.isBlank()) {
            clusterId = Uuid.randomUuid().toString();
        }
        int port = stillFree(stored.getProperty("port", ""));
        int controllerPort = stillFree(stored.getProperty("controller.port", ""));
        if (port == 0) {
            port = Ports.pick(random, controllerPort);
        }
        if (controllerPort == 0 || controllerPort == port) {
            controllerPort = Ports.pick(random, port);
        }
        BrokerIdentity identity = new BrokerIdentity(clusterId, port, controllerPort);
        identity.store(file);
        return identity;
    }

    private static int stillFree(String text) {
        try {
            int port = Integer.parseInt(text);
            return port > 0 && port < 65_536 && Ports.isFree(Ports.loopback(), port) ? port : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private void store(Path file) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("cluster.id", clusterId);
        properties.setProperty("port", Integer.toString(port));
        properties.setProperty("controller.port", Integer.toString(controllerPort));
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try (Writer writer = Files.newBufferedWriter(next)) {
            properties.store(writer, "Kept from start to start, so that clients find the broker again");
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
