package io.gradwatch.benchmarks.drill;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/** Kafka's own brokers, each a process of the jars that the launcher brings, on ports of their own. */
final class Cluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final Installation installation;
    private final Path directory;
    private final String identity = Uuid.randomUuid().toString();
    private final List<BrokerFile.Ports> ports;
    private final List<Program> brokers = new ArrayList<>();

    private Cluster(Installation installation, Path directory, List<BrokerFile.Ports> ports) {
        this.installation = installation;
        this.directory = directory;
        this.ports = ports;
    }

    /** @param advertised where clients that come by {@link #outside} are told to come; 0: to that port itself */
    static Cluster start(Installation installation, Path directory, int brokers, int advertised)
            throws IOException, InterruptedException {
        List<BrokerFile.Ports> ports = new ArrayList<>();
        for (int i = 0; i < brokers; i++) {
            int outside = freePort();
            ports.add(new BrokerFile.Ports(freePort(), freePort(), outside, advertised == 0 ? outside : advertised));
        }
        Cluster cluster = new Cluster(installation, directory, ports);
        try {
            for (int node = 1; node <= brokers; node++) {
                cluster.brokers.add(cluster.begin(node));
            }
            cluster.awaitAnswers();
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private Program begin(int node) throws IOException {
        Path home = Files.createDirectories(directory.resolve("broker-" + node));
        Properties settings = BrokerFile.of(node, ports);
        try (var out = Files.newBufferedWriter(home.resolve("server.properties"))) {
            settings.store(out, null);
        }
        return Program.start(
                "broker-" + node,
                home,
                Map.of(),
                installation.java(
                        List.of(
                                "-Xmx256m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Dlogback.configurationFile=broker-logback.xml"),
                        "io.gradwatch.launcher.BrokerProcess",
                        List.of("server.properties", identity)));
    }

    /** All of them have found each other. */
    private void awaitAnswers() throws InterruptedException {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap());
        try (Admin admin = Admin.create(settings)) {
            Wait.until(ports.size() + " brokers answer", PATIENCE, () -> {
                int found = admin.describeCluster().nodes().get().size();
                return found == ports.size();
            });
        }
    }

    /** For clients that are near. */
    String bootstrap() {
        return ports.stream().map(p -> "127.0.0.1:" + p.client()).collect(Collectors.joining(","));
    }

    /** The first broker's port for those that come from outside. */
    int outside() {
        return ports.get(0).outside();
    }

    void kill(int node) throws InterruptedException {
        brokers.get(node - 1).kill();
    }

    /** Starts a killed one again, on what it has left. */
    void revive(int node) throws IOException, InterruptedException {
        brokers.set(node - 1, begin(node));
        awaitAnswers();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        brokers.forEach(Program::terminate);
        brokers.forEach(Program::close);
    }
}
