package io.gradwatch.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.gradwatch.contract.Topic;
import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Envelope;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A webhook's receiver that is down when alerts fire, and a service that is killed meanwhile. */
class NotificationsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path home;

    @Test
    void everyTransitionArrivesOnceTheReceiverIsThere() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Files.writeString(home.resolve("notifications.properties"), """
                group-wait = 1s
                ops = webhook
                ops.url = http://127.0.0.1:%d/hook
                ops.severity = info
                ops.states = pending, firing, recovering, resolved, suppressed
                """.formatted(port));
        List<JsonNode> arrived = new CopyOnWriteArrayList<>();
        HttpServer receiver = null;
        try (Gradwatch up = Gradwatch.start(home, "up", "--port", "0")) {
            Api api = new Api(up.awaitUrl(PATIENCE));
            await().atMost(PATIENCE).until(() -> api.get("/readyz").statusCode() == 200);
            SmallRun.publish(Log.bootstrap(home), "one");
            SmallRun.publish(Log.bootstrap(home), "two");
            SmallRun.awaitFinished(api, "one");
            SmallRun.awaitFinished(api, "two");
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(channel(api).path("problem").asText()).isEqualTo("cannot be connected to"));
            assertThat(channel(api).path("queued").asInt()).isPositive();

            up.child("io.gradwatch.telemetry.TelemetryService").destroyForcibly();
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> channel(api).path("queued").asInt() > 0);
            receiver = receiver(port, arrived);

            List<String> expected = Log.read(Log.bootstrap(home), Topic.ALERTS).stream()
                    .map(Envelope::getAlert)
                    .map(NotificationsIT::key)
                    .distinct()
                    .sorted()
                    .toList();
            assertThat(expected).hasSizeGreaterThanOrEqualTo(2);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(arrived.stream()
                                    .map(t -> t.path("key").asText())
                                    .distinct()
                                    .sorted()
                                    .toList())
                            .isEqualTo(expected));
            for (String alert : arrived.stream()
                    .map(t -> t.path("alertId").asText())
                    .distinct()
                    .toList()) {
                assertThat(arrived.stream()
                                .filter(t -> t.path("alertId").asText().equals(alert))
                                .map(t -> t.path("transition").asInt())
                                .distinct()
                                .toList())
                        .as("transitions of " + alert + " in their order")
                        .isSorted();
            }

            try (Gradwatch test = Gradwatch.start(home, "alerts", "test", "ops")) {
                assertThat(test.awaitExit(PATIENCE)).as(test.output()).isZero();
                assertThat(test.output()).contains("ops: delivered");
            }
            try (Gradwatch test = Gradwatch.start(home, "alerts", "test", "nobody")) {
                assertThat(test.awaitExit(PATIENCE)).isNotZero();
                assertThat(test.output()).contains("channel is \"nobody\"; accepted is ops");
            }
        } finally {
            if (receiver != null) {
                receiver.stop(0);
            }
        }
    }

    private static JsonNode channel(Api api) throws Exception {
        return api.json("/api/v1/notifications").path("channels").path(0);
    }

    private static String key(Alert alert) {
        return alert.getAlertId() + "#" + alert.getTransition();
    }

    private static HttpServer receiver(int port, List<JsonNode> arrived) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/hook", exchange -> {
            JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
            body.path("transitions").forEach(arrived::add);
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        return server;
    }
}
