package io.gradwatch.telemetry.drill;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.Uuid;

/**
 * The embedded broker and the real service, each in a JVM of its own with the class paths that the launcher gives them.
 *
 * @param directory of everything that they write
 * @param brokerClassPath with the launcher
 * @param serviceClassPath with the service
 */
record Machinery(Path directory, String brokerClassPath, String serviceClassPath) {
    /** Largest heap of the service; it is the one that the launcher gives it. */
    static final String HEAP = "-Xmx512m";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** A broker that answers, and where. */
    record Broker(Child child, String bootstrap) implements AutoCloseable {
        @Override
        public void close() throws Exception {
            child.close();
        }
    }

    /** A service that answers, and where. */
    record Service(Child child, String url) implements AutoCloseable {
        JsonObject status() throws IOException, InterruptedException {
            return new JsonObject(HTTP.send(
                            HttpRequest.newBuilder(URI.create(url + "/api/v1/status"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body());
        }

        /** Iterations that are committed. */
        long iterations() throws IOException, InterruptedException {
            return status().getJsonObject("history").getLong("iterations");
        }

        /** Status code of a page. */
        int code(String path) throws IOException, InterruptedException {
            return HTTP.send(
                            HttpRequest.newBuilder(URI.create(url + path)).build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }

        @Override
        public void close() throws Exception {
            child.close();
        }
    }

    Broker broker() throws Exception {
        Path home = Files.createDirectories(directory.resolve("kafka"));
        Path identity = home.resolve("cluster-id");
        if (!Files.exists(identity)) {
            Files.writeString(identity, Uuid.randomUuid().toString());
        }
        int port = freePort();
        Properties p = new Properties();
        p.setProperty("process.roles", "broker,controller");
        p.setProperty("node.id", "1");
        String controller = "127.0.0.1:" + freePort();
        p.setProperty("controller.quorum.voters", "1@" + controller);
        p.setProperty("listeners", "CLIENT://127.0.0.1:" + port + ",CONTROLLER://" + controller);
        p.setProperty("advertised.listeners", "CLIENT://127.0.0.1:" + port);
        p.setProperty("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.setProperty("inter.broker.listener.name", "CLIENT");
        p.setProperty("controller.listener.names", "CONTROLLER");
        p.setProperty("log.dirs", "log");
        p.setProperty("offsets.topic.replication.factor", "1");
        p.setProperty("offsets.topic.num.partitions", "1");
        p.setProperty("transaction.state.log.replication.factor", "1");
        p.setProperty("transaction.state.log.min.isr", "1");
        p.setProperty("auto.create.topics.enable", "false");
        p.setProperty("log.cleaner.dedupe.buffer.size", "4194304");
        p.setProperty("broker.session.timeout.ms", "1500");
        p.setProperty("broker.heartbeat.interval.ms", "300");
        try (var out = Files.newBufferedWriter(home.resolve("server.properties"))) {
            p.store(out, null);
        }
        Child child = Child.start(
                home,
                directory.resolve("broker.log"),
                false,
                List.of(
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-Dlogback.configurationFile=broker-logback.xml",
                        "-cp",
                        brokerClassPath),
                "io.gradwatch.launcher.BrokerProcess",
                List.of("server.properties", Files.readString(identity)));
        while (!accepts(port)) {
            if (!child.isAlive()) {
                throw new IOException("the broker ended; see " + directory.resolve("broker.log"));
            }
            Thread.sleep(100);
        }
        return new Broker(child, "127.0.0.1:" + port);
    }

    Service service(String bootstrap, Path data, String... jvmArguments) throws Exception {
        List<String> jvm = new ArrayList<>(List.of(HEAP));
        jvm.addAll(List.of(jvmArguments));
        jvm.addAll(List.of("-cp", serviceClassPath));
        Child child = Child.start(
                directory,
                directory.resolve("service.log"),
                true,
                jvm,
                "io.gradwatch.telemetry.TelemetryService",
                List.of("--kafka", bootstrap, "--data-dir", data.toString(), "--port", "0"));
        return new Service(child, child.await("READY"));
    }

    /** A service of a group, whose topics, if it makes them, have so many partitions. */
    Service member(String bootstrap, Path data, String group, int partitions) throws Exception {
        Child child = Child.start(
                directory,
                directory.resolve("service.log"),
                true,
                List.of(HEAP, "-cp", serviceClassPath),
                "io.gradwatch.telemetry.TelemetryService",
                List.of(
                        "--kafka",
                        bootstrap,
                        "--data-dir",
                        data.toString(),
                        "--port",
                        Integer.toString(freePort()),
                        "--group",
                        group,
                        "--partitions",
                        Integer.toString(partitions)));
        return new Service(child, child.await("READY"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
