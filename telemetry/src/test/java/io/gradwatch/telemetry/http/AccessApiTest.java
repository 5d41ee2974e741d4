package io.gradwatch.telemetry.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gradwatch.contract.v1.AuditRecord;
import io.gradwatch.contract.v1.Command;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.telemetry.access.AccessControl;
import io.gradwatch.telemetry.access.AccessFile;
import io.gradwatch.telemetry.access.Role;
import io.gradwatch.telemetry.audit.AuditReader;
import io.gradwatch.telemetry.history.HistoryFixture;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in, who may do what, from where, and what is recorded of it. */
class AccessApiTest {
    private static final String API = "/api/v1";

    @TempDir
    static Path directory;

    private static final Map<Role, String> TOKENS = new EnumMap<>(Role.class);
    private static AccessFile file;
    private static AccessControl access;
    private static ApiServer server;

    @BeforeAll
    static void start() throws Exception {
        file = new AccessFile(directory, Clock.systemUTC());
        for (Role role : Role.values()) {
            TOKENS.put(role, file.add(role.label() + "-1", role));
        }
        access = AccessControl.of(file, "127.0.0.1", Clock.systemUTC());
        server = new ApiServer(directory, null, access);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void everyRouteHasARuleAndEveryRuleARoute() {
        Set<String> ruled = new TreeSet<>(RouteRules.NEEDED.keySet());
        ruled.addAll(RouteRules.PUBLIC);
        assertThat(server.api.requests()).containsExactlyInAnyOrderElementsOf(ruled);
    }

    @Test
    void whatStandsInNoRuleNeedsTheHighestRole() {
        assertThat(RouteRules.of("POST /api/v1/new")).isEqualTo(Role.ADMIN);
    }

    @Test
    void aViewerChangesNothingAndNobodyButAnAdminDeletesImportsOrChangesRules() {
        RouteRules.NEEDED.forEach((route, role) -> {
            if (!route.startsWith("GET ") && !route.equals("POST /api/v1/rules/validate")) {
                assertThat(role).as(route).isNotEqualTo(Role.VIEWER);
            }
        });
        for (String route : List.of(
                "DELETE /api/v1/runs/{id}", "POST /api/v1/runs/import", "PUT /api/v1/rules", "GET /api/v1/audit")) {
            assertThat(RouteRules.of(route)).isEqualTo(Role.ADMIN);
        }
    }

    @Test
    void eachRoleGetsWhatItMayAndNothingElse() throws Exception {
        for (String request : server.api.requests()) {
            String method = request.substring(0, request.indexOf(' '));
            String path = request.substring(method.length() + 1)
                    .replace("{id}", "no-run")
                    .replace("{alert}", "no-alert");
            boolean open = RouteRules.PUBLIC.contains(request);
            assertThat(server.send(method, path).statusCode() == 401)
                    .as(request + " without a token")
                    .isEqualTo(!open);
            for (Role role : Role.values()) {
                int status = server.send(method, path, "Authorization", "Bearer " + token(role))
                        .statusCode();
                assertThat(status).as(request + " as " + role).isNotEqualTo(401);
                assertThat(status == 403)
                        .as(request + " as " + role + " was answered " + status)
                        .isEqualTo(!open && !role.includes(RouteRules.of(request)));
            }
        }
    }

    @Test
    void tellsWhatRoleWouldDo() throws Exception {
        HttpResponse<String> refused =
                server.send("DELETE", API + "/runs/x", "Authorization", "Bearer " + token(Role.OPERATOR));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(new JsonObject(refused.body()).getString("detail"))
                .isEqualTo("your role, operator, does not allow this; accepted is a token of role admin");
        HttpResponse<String> unknown = server.get(API + "/runs");
        assertThat(unknown.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"Gradwatch\"");
        assertThat(new JsonObject(unknown.body()).getString("title")).isEqualTo("Unauthorized");
    }

    @Test
    void theDashboardsFilesAreForAllButWhatIsNotThereTellsNothing() throws Exception {
        assertThat(server.get("/").statusCode()).isEqualTo(200);
        assertThat(server.get("/js/main.js").statusCode()).isEqualTo(200);
        assertThat(server.get(API + "/nothing").statusCode()).isEqualTo(401);
        assertThat(server.send("PUT", API + "/runs").statusCode()).isEqualTo(401);
    }

    @Test
    void aBrowserGivesItsTokenForACookieThatNoScriptReads() throws Exception {
        String origin = "http://127.0.0.1:" + server.port();
        HttpResponse<String> in = login(token(Role.OPERATOR), "Origin", origin);
        assertThat(in.statusCode()).isEqualTo(200);
        assertThat(new JsonObject(in.body()))
                .isEqualTo(new JsonObject()
                        .put("required", true)
                        .put("name", "operator-1")
                        .put("role", "operator"));
        String set = in.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(set)
                .startsWith("gradwatch-" + server.port() + "=")
                .containsIgnoringCase("HttpOnly")
                .contains("SameSite=Strict", "Path=/", "Max-Age=604800")
                .doesNotContain(token(Role.OPERATOR).substring(16));
        String cookie = set.substring(0, set.indexOf(';'));
        assertThat(server.get(API + "/runs", "Cookie", cookie).statusCode()).isEqualTo(200);
        assertThat(server.send("DELETE", API + "/runs/x", "Cookie", cookie, "Origin", origin)
                        .statusCode())
                .isEqualTo(403);
        assertThat(new JsonObject(server.get(API + "/session", "Cookie", cookie).body()).getString("name"))
                .isEqualTo("operator-1");

        HttpResponse<String> out = server.send("DELETE", API + "/session", "Cookie", cookie, "Origin", origin);
        assertThat(out.headers().firstValue("Set-Cookie").orElseThrow()).contains("Max-Age=0");
        assertThat(new JsonObject(out.body()).getValue("role")).isNull();
    }

    @Test
    void aCookieGoesOverEncryptedConnectionsAloneOnceItCameOverOne() throws Exception {
        HttpResponse<String> in = login(token(Role.VIEWER), "X-Forwarded-Proto", "https");
        assertThat(in.headers().firstValue("Set-Cookie").orElseThrow()).contains("Secure");
    }

    @Test
    void saysToThoseWhoAreOutThatTheyHaveToLogIn() throws Exception {
        assertThat(new JsonObject(server.get(API + "/session").body()))
                .isEqualTo(
                        new JsonObject().put("required", true).putNull("name").putNull("role"));
        assertThat(login("gw_0123456789ab_" + "A".repeat(43)).statusCode()).isEqualTo(401);
        assertThat(login("x".repeat(300)).statusCode()).isEqualTo(400);
    }

    @Test
    void slowsDownThoseWhoGuess() throws Exception {
        String guesser = "198.51.100.7";
        int status = 0;
        int tries = 0;
        HttpResponse<String> last = server.get("/");
        while (status != 429 && tries++ < 20) {
            last = server.get(
                    API + "/runs",
                    "Authorization",
                    "Bearer gw_0123456789ab_" + "B".repeat(43),
                    "X-Forwarded-For",
                    "203.0.113.1, " + guesser);
            status = last.statusCode();
        }
        assertThat(tries).isEqualTo(7);
        assertThat(last.headers().firstValue("Retry-After")).contains("1");
        assertThat(server.get(API + "/runs", "Authorization", "Bearer " + token(Role.ADMIN), "X-Forwarded-For", guesser)
                        .statusCode())
                .as("a right one is not looked at either")
                .isEqualTo(429);
        assertThat(login(token(Role.ADMIN), "X-Forwarded-For", guesser).statusCode())
                .isEqualTo(429);
        assertThat(server.get(API + "/runs", "Authorization", "Bearer " + token(Role.ADMIN))
                        .statusCode())
                .as("others are not slowed down")
                .isEqualTo(200);
    }

    @Test
    void pagesFromElsewhereChangeNothingWhateverTheyBring() throws Exception {
        for (String origin : List.of(
                "http://example.com",
                "http://127.0.0.1:1",
                "http://localhost:" + server.port(),
                "null",
                "http://127.0.0.1:" + server.port() + ".example.com")) {
            for (String request : server.api.requests()) {
                String method = request.substring(0, request.indexOf(' '));
                if (!method.equals("GET")) {
                    String path = request.substring(method.length() + 1)
                            .replace("{id}", "no-run")
                            .replace("{alert}", "no-alert");
                    HttpResponse<String> answer =
                            server.send(method, path, "Origin", origin, "Authorization", "Bearer " + token(Role.ADMIN));
                    assertThat(answer.statusCode())
                            .as(request + " from " + origin)
                            .isEqualTo(403);
                    assertThat(new JsonObject(answer.body()).getString("parameter"))
                            .isEqualTo("Origin");
                }
            }
        }
    }

    @Test
    void theLiveStreamNeedsATokenOrACookieAndAPageOfItsOwn() throws Exception {
        String token = "Bearer " + token(Role.VIEWER);
        assertThat(open()).isEqualTo(401);
        assertThat(open("Authorization", token, "Origin", "http://example.com")).isEqualTo(403);
        assertThat(open("Authorization", token)).isEqualTo(101);
        String set =
                login(token(Role.VIEWER)).headers().firstValue("Set-Cookie").orElseThrow();
        String cookie = set.substring(0, set.indexOf(';'));
        assertThat(open("Cookie", cookie, "Origin", "http://127.0.0.1:" + server.port()))
                .isEqualTo(101);
        assertThat(open("Cookie", cookie, "Origin", "http://example.com")).isEqualTo(403);
    }

    @Test
    void aTokenThatIsTakenBackEndsTheLiveStream() throws Exception {
        String token = file.add("guest", Role.VIEWER);
        access.refresh();
        Listener listener = new Listener();
        WebSocket socket = connect(listener, "Authorization", "Bearer " + token);
        file.remove("guest");
        access.refresh();
        await().atMost(Duration.ofSeconds(10)).until(listener.closed::isDone);
        assertThat(listener.closed.join()).isEqualTo("1008 your access has ended");
        socket.abort();
    }

    @Test
    void recordsWhoAskedForWhatAndWhatCameOfIt() throws Exception {
        server.audited.clear();
        server.body("PATCH", API + "/runs/no-run", "{\"name\":\"x\"}", "application/json");
        assertThat(server.audited).as("who shows nothing leaves nothing").isEmpty();
        server.send("PATCH", API + "/runs/no-run", "Authorization", "Bearer " + token(Role.VIEWER));
        server.send("DELETE", API + "/runs/no-run", "Authorization", "Bearer " + token(Role.ADMIN));
        server.get(API + "/runs", "Authorization", "Bearer " + token(Role.ADMIN));
        server.get(
                API + "/runs",
                "Authorization",
                "Bearer gw_0123456789ab_" + "C".repeat(43),
                "X-Forwarded-For",
                "198.51.100.8");
        login(token(Role.OPERATOR));
        await().atMost(Duration.ofSeconds(10)).until(() -> server.audited.size() == 4);

        AuditRecord viewer = server.audited.get(0);
        assertThat(viewer.getWho()).isEqualTo("viewer-1");
        assertThat(viewer.getRole()).isEqualTo("viewer");
        assertThat(viewer.getAction()).isEqualTo("PATCH /api/v1/runs/{id}");
        assertThat(viewer.getOutcome()).isEqualTo(AuditRecord.Outcome.REFUSED);
        assertThat(viewer.getStatus()).isEqualTo(403);
        assertThat(viewer.getReason()).contains("your role, viewer");
        AuditRecord admin = server.audited.get(1);
        assertThat(admin.getTarget()).isEqualTo("/api/v1/runs/no-run");
        assertThat(admin.getStatus()).isEqualTo(404);
        assertThat(admin.getAddress()).isEqualTo("127.0.0.1");
        AuditRecord guess = server.audited.get(2);
        assertThat(guess.getWho()).isEmpty();
        assertThat(guess.getAddress()).isEqualTo("198.51.100.8");
        assertThat(guess.getStatus()).isEqualTo(401);
        AuditRecord login = server.audited.get(3);
        assertThat(login.getAction()).isEqualTo("POST /api/v1/session");
        assertThat(login.getOutcome()).isEqualTo(AuditRecord.Outcome.DONE);
        assertThat(server.audited.toString())
                .doesNotContain(token(Role.OPERATOR).substring(16))
                .doesNotContain("C".repeat(43));
    }

    @Test
    void aCommandBearsTheNameOfTheTokenWhateverItSaysOfItself() throws Exception {
        HistoryFixture fixture = new HistoryFixture(server.history);
        fixture.start("named", 1, HistoryFixture.started("named", 1, 0));
        fixture.commit();
        List<Command> sent = new CopyOnWriteArrayList<>();
        server.commands = (runId, attempt, command) -> {
            sent.add(command);
            return CompletableFuture.completedFuture(null);
        };
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + server.port() + API + "/runs/named/commands"))
                                .header("Content-Type", "application/json")
                                .header("Authorization", "Bearer " + token(Role.OPERATOR))
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"action\":\"pause\",\"issuedBy\":\"somebody else\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertThat(sent).singleElement().extracting(Command::getIssuedBy).isEqualTo("operator-1");
    }

    @Test
    void showsAdminsTheRecordsPageByPage() throws Exception {
        Envelope one = Envelope.newBuilder()
                .setRunId("vgg-a")
                .setProducedAtMs(1_795_449_912_345L)
                .setAuditRecord(AuditRecord.newBuilder()
                        .setWho("ada")
                        .setRole("admin")
                        .setAddress("192.0.2.1")
                        .setAction("DELETE /api/v1/runs/{id}")
                        .setTarget("/api/v1/runs/vgg-a")
                        .setOutcome(AuditRecord.Outcome.DONE)
                        .setStatus(200))
                .build();
        server.auditRecords = (place, most) -> place.isEmpty()
                ? new AuditReader.Page(List.of(one), Optional.of(List.of(4L, 0L, 7L)))
                : new AuditReader.Page(
                        place.get().equals(List.of(4L, 0L, 7L)) ? List.of(one, one) : List.of(), Optional.empty());
        String token = "Bearer " + token(Role.ADMIN);
        JsonObject page = new JsonObject(
                server.get(API + "/audit?limit=1", "Authorization", token).body());
        assertThat(page.getJsonArray("items").getJsonObject(0)).isEqualTo(new JsonObject("""
            {"time":"2026-11-23T16:05:12.345Z","runId":"vgg-a","who":"ada","role":"admin","address":"192.0.2.1",
             "action":"DELETE /api/v1/runs/{id}","target":"/api/v1/runs/vgg-a","outcome":"done","status":200,
             "detail":"","reason":""}\
            """));
        JsonObject next =
                new JsonObject(server.get(API + "/audit?cursor=" + page.getString("next"), "Authorization", token)
                        .body());
        assertThat(next.getJsonArray("items")).hasSize(2);
        assertThat(next.getValue("next")).isNull();
        server.auditRecords = (place, most) -> {
            throw new IllegalStateException("no Kafka");
        };
        assertThat(server.get(API + "/audit", "Authorization", token).statusCode())
                .isEqualTo(503);
    }

    private static HttpResponse<String> login(String token, String... headers) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        withHeaders(
                                        HttpRequest.newBuilder(
                                                URI.create("http://127.0.0.1:" + server.port() + API + "/session")),
                                        headers)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        new JsonObject().put("token", token).encode()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder withHeaders(HttpRequest.Builder request, String... headers) {
        return headers.length == 0 ? request : request.headers(headers);
    }

    private static String token(Role role) {
        return requireNonNull(TOKENS.get(role));
    }

    /** Status of the answer to a handshake. */
    private static int open(String... headers) throws Exception {
        try {
            connect(new Listener(), headers).abort();
            return 101;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                return refused.getResponse().statusCode();
            }
            throw e;
        }
    }

    private static WebSocket connect(WebSocket.Listener listener, String... headers) throws Exception {
        WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        return builder.buildAsync(URI.create("ws://127.0.0.1:" + server.port() + API + "/live"), listener)
                .get(10, TimeUnit.SECONDS);
    }

    private static final class Listener implements WebSocket.Listener {
        final CompletableFuture<String> closed = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code + " " + reason);
            return CompletableFuture.completedFuture(null);
        }
    }
}
