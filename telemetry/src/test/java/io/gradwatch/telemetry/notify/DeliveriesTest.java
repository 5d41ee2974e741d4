package io.gradwatch.telemetry.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import io.gradwatch.telemetry.notify.ChannelSettings.Kind;
import io.vertx.core.json.JsonObject;
import jakarta.mail.internet.MimeMessage;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveriesTest {
    private static final Instant NOW = Instant.parse("2026-11-24T02:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Message MESSAGE = new Message(
            "ops", List.of(Notices.notice("run-1", 1), Notices.notice("run-1", 2)), "http://here:8080", NOW);

    @TempDir
    Path directory;

    private record Received(Map<String, List<String>> headers, String body) {
        String header(String name) {
            return headers.getOrDefault(name, List.of("")).get(0);
        }
    }

    /** A receiver that answers with one status. */
    private static final class Receiver implements AutoCloseable {
        final BlockingQueue<Received> received = new ArrayBlockingQueue<>(10);
        private final HttpServer server;

        Receiver(int status, String answer) throws Exception {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            server.createContext("/", exchange -> {
                received.add(new Received(
                        Map.copyOf(exchange.getRequestHeaders()),
                        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
                byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
                exchange.close();
            });
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private static ChannelSettings channel(Kind kind, Map<String, String> values) {
        return new ChannelSettings("ops", kind, values, Notices.ALL);
    }

    @Test
    void aWebhookIsSignedAndSaysTheSameKeyEachTime() throws Exception {
        try (Receiver receiver = new Receiver(204, "")) {
            Delivery delivery =
                    new HttpDelivery(channel(Kind.WEBHOOK, Map.of("url", receiver.url(), "secret", "whsec")), CLOCK);
            delivery.send(MESSAGE);
            delivery.send(MESSAGE);
            Received first = receiver.received.take();
            Received second = receiver.received.take();

            assertThat(first.header("Idempotency-key")).hasSize(40).isEqualTo(second.header("Idempotency-key"));
            assertThat(first.header("Gradwatch-signature"))
                    .isEqualTo(Signature.of("whsec", NOW.getEpochSecond(), first.body));
            JsonObject json = new JsonObject(first.body);
            assertThat(json.getString("kind")).isEqualTo("alerts");
            assertThat(json.getJsonObject("run").getString("url")).isEqualTo("http://here:8080/#/runs/run-1");
            assertThat(json.getJsonArray("transitions")).hasSize(2);
            JsonObject transition = json.getJsonArray("transitions").getJsonObject(1);
            assertThat(transition.getString("key")).isEqualTo("run-1/vanish-floor/3/1#2");
            assertThat(transition.getString("state")).isEqualTo("firing");
            assertThat(transition.getInteger("cutLayer")).isEqualTo(35);
            assertThat(transition.getJsonObject("inputs").getValue("odd")).isEqualTo("NaN");
        }
    }

    @Test
    void theSignatureIsTheOneThatTheDocumentsDescribe() {
        // echo -n '1700000000.{"a":1}' | openssl dgst -sha256 -hmac topsecret
        assertThat(Signature.of("topsecret", 1_700_000_000L, "{\"a\":1}"))
                .isEqualTo("t=1700000000,v1=6a939b0c71853d606167625a15168ee9188c6a511c773ef4f42d307f3849e50f");
    }

    @Test
    void slackGetsWhatItReadsWithItsOwnCharactersEscaped() throws Exception {
        try (Receiver receiver = new Receiver(200, "ok")) {
            new HttpDelivery(channel(Kind.SLACK, Map.of("url", receiver.url())), CLOCK).send(MESSAGE);
            JsonObject json = new JsonObject(receiver.received.take().body);
            assertThat(json.getString("text")).isEqualTo("[critical] run-1's name: vanish-floor firing and 1 more");
            assertThat(json.getJsonArray("attachments").getJsonObject(0).getString("text"))
                    .contains("36 of 38 layers get less than 1e-8 &lt;&amp; so on&gt;");
        }
    }

    @Test
    void aFailureSaysWhatTheReceiverSaidAndWhetherThereIsUseInTryingAgain() throws Exception {
        try (Receiver receiver = new Receiver(503, "busy, come back")) {
            Delivery delivery = new HttpDelivery(channel(Kind.WEBHOOK, Map.of("url", receiver.url())), CLOCK);
            assertThatThrownBy(() -> delivery.send(MESSAGE))
                    .isInstanceOfSatisfying(
                            DeliveryException.class,
                            e -> assertThat(e.forGood()).isFalse())
                    .hasMessage("HTTP 503: busy, come back");
        }
        try (Receiver receiver = new Receiver(410, "")) {
            Delivery delivery = new HttpDelivery(channel(Kind.WEBHOOK, Map.of("url", receiver.url())), CLOCK);
            assertThatThrownBy(() -> delivery.send(MESSAGE))
                    .isInstanceOfSatisfying(
                            DeliveryException.class,
                            e -> assertThat(e.forGood()).isTrue())
                    .hasMessage("HTTP 410");
        }
        Delivery nobody = new HttpDelivery(channel(Kind.WEBHOOK, Map.of("url", "http://127.0.0.1:1/x")), CLOCK);
        assertThatThrownBy(() -> nobody.send(MESSAGE)).hasMessage("cannot be connected to");
    }

    @Test
    void aCommandGetsTheJsonOnItsInputAndTheWordsInItsEnvironment() throws Exception {
        Path script = script("cat > \"$1\"; printf '%s' \"$GRADWATCH_TITLE\" > \"$1.title\"");
        Path out = directory.resolve("out");
        new CommandDelivery(channel(Kind.COMMAND, Map.of("run", script + " " + out))).send(MESSAGE);
        assertThat(new JsonObject(Files.readString(out)).getString("key")).isEqualTo(MESSAGE.key());
        assertThat(directory.resolve("out.title"))
                .hasContent("[critical] run-1's name: vanish-floor firing and 1 more");
    }

    @Test
    void aCommandThatFailsOrIsMissingIsTriedAgain() throws Exception {
        Path script = script("echo no pager here; exit 3");
        assertThatThrownBy(() ->
                        new CommandDelivery(channel(Kind.COMMAND, Map.of("run", script.toString()))).send(MESSAGE))
                .hasMessage(script + " ended with 3: no pager here");
        assertThatThrownBy(() ->
                        new CommandDelivery(channel(Kind.COMMAND, Map.of("run", "/no/such/program x"))).send(MESSAGE))
                .hasMessageStartingWith("/no/such/program cannot be run");
    }

    private Path script(String body) throws Exception {
        Path script = directory.resolve("page.sh");
        Files.writeString(script, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }

    @Test
    void aMailArrivesAtARealMailServer() throws Exception {
        GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.start();
        try (Delivery delivery = new EmailDelivery(channel(
                Kind.EMAIL,
                Map.of(
                        "to", "a@example.org, b@example.org",
                        "from", "gradwatch@example.org",
                        "host", "127.0.0.1",
                        "port", String.valueOf(server.getSmtp().getPort()),
                        "tls", "none")))) {
            delivery.send(MESSAGE);
            MimeMessage[] mails = server.getReceivedMessages();
            assertThat(mails).hasSize(2);
            assertThat(mails[0].getSubject()).isEqualTo("[critical] run-1's name: vanish-floor firing and 1 more");
            assertThat(mails[0].getContent().toString())
                    .contains("FIRING (critical) vanish-floor at iteration 21: 36 of 38 layers")
                    .contains("http://here:8080/#/runs/run-1");
            server.stop();
            assertThatThrownBy(() -> delivery.send(MESSAGE)).hasMessageStartingWith("the mail server did not take it");
        } finally {
            server.stop();
        }
    }
}
