package io.gradwatch.telemetry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.telemetry.live.LiveHub;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What no honest client sends: refused, without a trace of the inside, and the service goes on. */
class HostileInputTest {
    private static final String API = "/api/v1";
    private static final int ANSWER_MS = 5_000;

    @TempDir
    static Path directory;

    private static ApiServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new ApiServer(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @AfterEach
    void stillServes() throws Exception {
        assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
    }

    static Stream<String> requests() {
        List<String> all = new ArrayList<>();
        String host = "Host: 127.0.0.1\r\n";
        // lines that are none of HTTP
        for (String line : new String[] {
            "",
            "GET",
            "GET /",
            "GET / HTTP/9.9",
            "\u0000\u0001\u0002",
            "GET  /api/v1/runs  HTTP/1.1",
            "G\u00c9T / HTTP/1.1",
            "GET\t/\tHTTP/1.1\tx",
            "GET " + "/a".repeat(3_000) + " HTTP/1.1",
            "A".repeat(10_000),
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003", // TLS
            "PRI * HTTP/2.0",
            "CONNECT example.com:443 HTTP/1.1",
            "OPTIONS * HTTP/1.1",
            "TRACE /api/v1/runs HTTP/1.1",
            "BREW /api/v1/runs HTTP/1.1",
            "GET http://example.com/api/v1/runs HTTP/1.1",
            "GET //example.com/ HTTP/1.1"
        }) {
            all.add(line + "\r\n" + host + "\r\n");
        }
        // headers that are none, too many, too long, or against each other
        for (String headers : new String[] {
            "no colon here\r\n",
            ": empty name\r\n",
            "X: " + "a".repeat(20_000) + "\r\n",
            ("X: " + "a".repeat(500) + "\r\n").repeat(100),
            "Content-Length: -1\r\n",
            "Content-Length: 99999999999999999999\r\n",
            "Content-Length: 5\r\nContent-Length: 6\r\n",
            "Content-Length: abc\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
            "Transfer-Encoding: gzip\r\n",
            "Transfer-Encoding: chunked, identity\r\n",
            "Transfer-Encoding : chunked\r\n",
            "X\r\n folded: y\r\n",
            "X: a\u0000b\r\n",
            "Expect: 200-maybe\r\n",
            "Cookie: " + "gradwatch-1=x; ".repeat(400) + "\r\n",
            "Cookie: ;;;=;=\u00ff\r\n",
            "Authorization: Basic !!!!\r\n",
            "Authorization: \r\n",
            "Accept: " + "*/*,".repeat(1_500) + "\r\n",
            "Range: bytes=9999999-1,-5,abc\r\n",
            "If-None-Match: \"\u0000\"\r\n",
            "X-Forwarded-For: <script>, ::::\r\n",
            "Host: evil.example\r\n",
            "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAAA\r\n"
        }) {
            all.add("PATCH /api/v1/runs/x HTTP/1.1\r\n" + host + headers + "\r\n");
        }
        // paths out of the tree, and out of their encoding
        for (String path : new String[] {
            "/../../../../etc/passwd",
            "/..%2f..%2f..%2fetc/passwd",
            "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
            "/js/..%5c..%5c..%5cetc/passwd",
            "/js/%252e%252e/%252e%252e/openapi.yaml",
            "/webjars/../../io/gradwatch/telemetry/TelemetryService.class",
            "/META-INF/resources/index.html",
            "/%00",
            "/js/main.js%00.html",
            "/%zz",
            "/%",
            "/%c0%ae%c0%ae/",
            "/.git/config",
            "/js/",
            "/api/v1/runs/..%2f..%2f..%2fetc%2fpasswd",
            "/api/v1/runs/%00",
            "/api/v1/runs/" + "a".repeat(2_000),
            "/api/v1/runs/'%3b%20DROP%20TABLE%20runs%3b--",
            "/api/v1/runs/x/export?format=../../etc/passwd",
            "/api/v1/runs/x/export?table=runs;drop&format=csv",
            "/api/v1/runs?q=" + "(".repeat(3_000),
            "/api/v1/runs?q=%27%20OR%201=1--",
            "/api/v1/runs?sort=name;delete",
            "/api/v1/runs?limit=99999999999999999999",
            "/api/v1/runs?limit=-1",
            "/api/v1/runs?cursor=%00%00",
            "/api/v1/runs?cursor=AAAA&cursor=BBBB",
            "/api/v1/runs?__proto__=1",
            "/api/v1/quarantine?cursor=LTk5OTk5OTk5OTk5OTk5OTk5OTk",
            "/api/v1/series?runs=" + "a,".repeat(1_000) + "&metric=loss",
            "/api/v1/runs/compare?runs=%ff%fe"
        }) {
            all.add("GET " + path + " HTTP/1.1\r\n" + host + "\r\n");
        }
        // bodies that are not what they say
        for (String body : new String[] {
            "{",
            "[]",
            "null",
            "\"\"",
            "{\"name\":{\"$gt\":\"\"}}",
            "{\"name\":\"\\u0000\"}",
            "{\"__proto__\":{\"role\":\"admin\"}}",
            "{\"tags\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}",
            "{\"notes\":\"" + "n".repeat(11_000) + "\"}",
            "{\"tags\":[" + "\"t\",".repeat(1_000) + "\"t\"]}",
            "{\"name\":1e999999}",
            "\u00ff\u00fe\u0000",
            "a: &a [*a]"
        }) {
            byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
            for (String target : new String[] {"PATCH /api/v1/runs/x", "PUT /api/v1/runs/x/silences"}) {
                all.add(target + " HTTP/1.1\r\n" + host + "Content-Type: application/json\r\nContent-Length: "
                        + bytes.length + "\r\n\r\n" + body);
            }
        }
        return all.stream();
    }

    @Test
    void thereAreAHundred() {
        assertThat(requests().count() + messages().count()).isGreaterThanOrEqualTo(100);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void refusesWhatIsNoHonestRequest(String request) throws Exception {
        String answer = raw(request.getBytes(StandardCharsets.ISO_8859_1));
        if (answer.isEmpty()) {
            return; // closed without a word, or waiting for the rest of what was announced
        }
        assertThat(answer).matches("(?s)HTTP/[0-9]\\.[0-9] .*");
        int status = Integer.parseInt(answer.substring(9, 12));
        assertThat(status)
                .as(answer)
                .satisfiesAnyOf(
                        s -> assertThat(s).isBetween(200, 499),
                        s -> assertThat(s).isEqualTo(501));
        assertThat(answer)
                .as("nothing of the inside")
                .doesNotContain("\tat ", "Exception", "java.", "root:", "CAFEBABE", "jdbc", directory.toString());
        if (status == 200) {
            boolean list = answer.contains("\"items\":[]");
            boolean page = answer.contains("<title>Gradwatch</title>");
            assertThat(list || page).as(answer).isTrue();
        }
    }

    static Stream<byte[]> messages() {
        return Stream.<String>of(
                "",
                "{",
                "[]",
                "null",
                "42",
                "{}",
                "{\"subscribe\":null}",
                "{\"subscribe\":{}}",
                "{\"subscribe\":\"../../etc\"}",
                "{\"subscribe\":\"x\",\"from\":-99999999999999999999}",
                "{\"subscribe\":\"x\",\"backfill\":1e9}",
                "{\"subscribe\":\"x\",\"metrics\":\"" + "m,".repeat(5_000) + "\"}",
                "{\"subscribe\":\"x\",\"metrics\":[null,1,{}]}",
                "{\"subscribe\":\"x\",\"unsubscribe\":\"x\"}",
                "{\"ack\":\"nobody\"}",
                "{\"ack\":-1}",
                "{\"replay\":[]}",
                "{\"replay\":[" + "\"x\",".repeat(200) + "\"x\"]}",
                "{\"replay\":\"x\",\"speed\":\"NaN\"}",
                "{\"replay\":\"x\",\"speed\":-1}",
                "{\"seek\":\"none\",\"iteration\":1}",
                "{\"step\":\"none\",\"iterations\":1e308}",
                "{\"stop\":\"none\"}",
                "{\"unknown\":1}",
                "[".repeat(30_000),
                "{\"a\":".repeat(10_000),
                "\u0000\u0000")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList()
                .stream();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void answersAMessageThatCannotBeMeantAndKeepsTheConnection(byte[] message) throws Exception {
        Listener listener = new Listener();
        WebSocket socket = connect(listener);
        socket.sendText(new String(message, StandardCharsets.UTF_8), true).get(5, TimeUnit.SECONDS);
        boolean harmless = new String(message, StandardCharsets.UTF_8).startsWith("{\"ack\":\"");
        if (!harmless) {
            JsonObject error = listener.next("error");
            assertThat(error.getJsonObject("problem").getInteger("status")).isBetween(400, 499);
            assertThat(error.encode()).doesNotContain("Exception", "java.");
        }
        socket.sendText("{\"subscribe\":\"*\"}", true).get(5, TimeUnit.SECONDS);
        assertThat(listener.next("heartbeat")).isNotNull();
        assertThat(listener.closed).isNotDone();
        socket.abort();
    }

    @Test
    void closesAConnectionWhoseFramesAreNoneOrTooLong() throws Exception {
        String handshake =
                "GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n";
        byte[] tooLong = ByteBuffer.allocate(14 + LiveHub.REQUEST_BYTES + 1)
                .put((byte) 0x81)
                .put((byte) 0xff)
                .putLong(LiveHub.REQUEST_BYTES + 1)
                .array();
        for (byte[] frame : new byte[][] {
            {(byte) 0xff, (byte) 0xff, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f
            }, // all bits reserved, for ever long
            {(byte) 0x81, 0x05, 'h', 'e', 'l', 'l', 'o'}, // not masked, as clients must
            {(byte) 0x8f, (byte) 0x80, 0, 0, 0, 0}, // an opcode that there is not
            tooLong
        }) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.setSoTimeout(ANSWER_MS);
                socket.getOutputStream().write(handshake.getBytes(StandardCharsets.US_ASCII));
                byte[] answer = new byte[12];
                assertThat(socket.getInputStream().readNBytes(answer, 0, 12)).isEqualTo(12);
                assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 101");
                socket.getOutputStream().write(frame);
                socket.getOutputStream().flush();
                assertThat(endsWithin(socket, ANSWER_MS)).isTrue();
            }
        }
    }

    /** Whether the other side ends the connection, whatever it says before. */
    private static boolean endsWithin(Socket socket, long ms) throws IOException {
        long deadline = System.nanoTime() + ms * 1_000_000;
        byte[] buffer = new byte[8_192];
        while (System.nanoTime() < deadline) {
            try {
                if (socket.getInputStream().read(buffer) < 0) {
                    return true;
                }
            } catch (SocketTimeoutException e) {
                return false;
            } catch (SocketException e) {
                return true;
            }
        }
        return false;
    }

    @Test
    void takesNoBodyThatIsTooLarge() throws Exception {
        String large = "x".repeat(ApiRouter.MOST_BODY + 1);
        assertThat(server.patch(API + "/runs/x", "{\"notes\":\"" + large + "\"}")
                        .statusCode())
                .isEqualTo(413);
        assertThat(server.post(API + "/runs/x/commands", large, "application/json")
                        .statusCode())
                .isEqualTo(413);
        assertThat(server.post(API + "/session", large, "application/json").statusCode())
                .isEqualTo(413);
        HttpResponse<String> rules =
                server.body("PUT", API + "/rules", "#" + "x".repeat(ApiRouter.MOST_RULES), "application/yaml");
        assertThat(rules.statusCode()).isEqualTo(413);
        assertThat(rules.body()).contains("1048576 bytes");
    }

    @Test
    void isAskedByAddressOrAsLocalhostWhileNobodyNeedsAToken() throws Exception {
        for (String host : new String[] {"127.0.0.1", "localhost", "[::1]", "gradwatch.localhost", "127.0.0.1:8080"}) {
            assertThat(raw(("GET /api/v1/runs HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII)))
                    .as(host)
                    .startsWith("HTTP/1.1 200");
        }
        // a name whose owner lets it point to this machine, so that his page counts as the service's own
        String answer =
                raw(("GET /api/v1/runs HTTP/1.1\r\nHost: rebound.example\r\nOrigin: http://rebound.example\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        assertThat(answer).startsWith("HTTP/1.1 403").contains("\"parameter\":\"Host\"");
    }

    @Test
    void everyAnswerHasTheHeadersThatKeepBrowsersSafe() throws Exception {
        for (String path : new String[] {"/", "/js/main.js", API + "/runs", API + "/nothing", "/healthz"}) {
            HttpResponse<String> answer = server.get(path);
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                    .as(path)
                    .contains("default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'")
                    .doesNotContain("unsafe-eval", "script-src 'unsafe");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
            assertThat(answer.headers().firstValue("X-Frame-Options")).contains("DENY");
            assertThat(answer.headers().firstValue("Cross-Origin-Opener-Policy"))
                    .contains("same-origin");
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
                    .isEmpty();
        }
    }

    /** What the server says to these bytes until it ends the connection or says nothing more. */
    private String raw(byte[] bytes) throws IOException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(ANSWER_MS);
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[8_192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                said.write(buffer, 0, n);
                socket.setSoTimeout(300);
            }
        } catch (SocketTimeoutException e) {
            // it says nothing more
        } catch (SocketException e) {
            // it has ended the connection while more was on its way
        }
        return said.toString(StandardCharsets.ISO_8859_1);
    }

    private static WebSocket connect(WebSocket.Listener listener) throws Exception {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + API + "/live"), listener)
                .get(10, TimeUnit.SECONDS);
    }

    private static final class Listener implements WebSocket.Listener {
        final CompletableFuture<String> closed = new CompletableFuture<>();
        final BlockingQueue<JsonObject> said = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                said.add(new JsonObject(part.toString()));
                part.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code + " " + reason);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.complete(String.valueOf(error));
        }

        JsonObject next(String type) throws InterruptedException {
            for (JsonObject message = said.poll(5, TimeUnit.SECONDS);
                    message != null;
                    message = said.poll(5, TimeUnit.SECONDS)) {
                if (type.equals(message.getString("type"))) {
                    return message;
                }
            }
            throw new AssertionError("no message of type " + type);
        }
    }
}
