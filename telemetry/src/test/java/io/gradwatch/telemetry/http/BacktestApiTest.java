package io.gradwatch.telemetry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.telemetry.history.HistoryFixture;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code POST /rules/backtest}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BacktestApiTest {
    private static final String BACKTEST = "/api/v1/rules/backtest";

    @TempDir
    static Path directory;

    private ApiServer server;

    @BeforeAll
    void start() throws Exception {
        server = new ApiServer(directory);
        HistoryFixture fixture = new HistoryFixture(server.history);
        run(fixture, "dead", 1e-12f);
        run(fixture, "alive", 1e-3f);
        server.history
                .writer()
                .annotation(
                        "dead",
                        RunAnnotation.newBuilder().addLabels("vanishing").build());
        server.history
                .writer()
                .annotation(
                        "alive", RunAnnotation.newBuilder().addLabels("healthy").build());
        fixture.commit();
    }

    private static void run(HistoryFixture fixture, String id, float gradient) {
        fixture.start(id, 1, HistoryFixture.started(id, 4, 0));
        List<IterationRecord> records = new ArrayList<>();
        for (int i = 0; i < 700; i++) { // more than a page
            LayerStatistics.Builder layers = LayerStatistics.newBuilder();
            for (int l = 0; l < 4; l++) {
                layers.addMeanAbs(gradient);
            }
            records.add(new IterationRecord(
                    id,
                    1,
                    2,
                    10 + 2L * i,
                    1_795_449_912_345L + i,
                    Iteration.newBuilder()
                            .setIteration(i)
                            .setLoss(4.6f)
                            .setLayers(layers)
                            .build()));
        }
        fixture.append(records);
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
    }

    @Test
    void tellsOfEachRunAndScoresEachRule() throws Exception {
        JsonObject answer = ok("{}");

        assertThat(answer.getJsonArray("runs")).hasSize(2);
        JsonObject dead = run(answer, "dead");
        assertThat(dead.getJsonArray("labels")).containsExactly("vanishing");
        assertThat(dead.getLong("iterations")).isEqualTo(700);
        assertThat(dead.getJsonArray("firings").getJsonObject(0))
                .isEqualTo(new JsonObject()
                        .put("iteration", 19)
                        .put("epoch", 0)
                        .put("attempt", 1)
                        .put("severity", "critical")
                        .put("rule", "vanish-floor")
                        .put("version", 1)
                        .put("worst", "critical")
                        .put("times", 1));
        assertThat(run(answer, "alive").getJsonArray("firings")).isEmpty();
        JsonObject floor = answer.getJsonArray("rules").stream()
                .map(JsonObject.class::cast)
                .filter(rule -> rule.getString("rule").equals("vanish-floor"))
                .findFirst()
                .orElseThrow();
        assertThat(floor.getInteger("caught")).isEqualTo(1);
        assertThat(floor.getInteger("quiet")).isEqualTo(1);
        assertThat(floor.getDouble("precision")).isEqualTo(1);
        assertThat(answer.getValue("differences")).isNull();
    }

    @Test
    void choosesRunsByQueryAndById() throws Exception {
        assertThat(ids(ok("{\"query\":\"label:healthy\"}"))).containsExactly("alive");
        assertThat(ids(ok("{\"ids\":[\"dead\"]}"))).containsExactly("dead");
        assertThat(ids(ok("{\"ids\":[\"dead\"],\"query\":\"label:healthy\"}"))).containsExactly("dead", "alive");
        assertThat(ids(ok("{\"query\":\"label:nosuch\"}"))).isEmpty();
    }

    @Test
    void comparesChangedRulesWithThoseOfToday() throws Exception {
        JsonObject answer = ok("{\"rules\":[{\"rule\":\"vanish-floor\",\"parameters\":{\"for_iterations\":60}}]}");

        assertThat(answer.getJsonArray("differences")).hasSize(1);
        JsonObject moved = answer.getJsonArray("differences").getJsonObject(0);
        assertThat(moved.getString("kind")).isEqualTo("moved");
        assertThat(moved.getLong("by")).isEqualTo(40);
        assertThat(moved.getJsonObject("was").getLong("iteration")).isEqualTo(19);
    }

    @Test
    void judgesByOtherToolsRulesAndTellsEveryTransition() throws Exception {
        JsonObject answer = ok("{\"rules\":\"peers\",\"ids\":[\"dead\"],\"transitions\":true}");

        assertThat(run(answer, "dead").getJsonArray("transitions").stream()
                        .map(JsonObject.class::cast)
                        .filter(t -> t.getString("rule").equals("sagemaker-vanishing-gradient-every-iteration"))
                        .map(t -> t.getString("state") + t.getLong("iteration")))
                .containsExactly("pending0", "firing0");
    }

    @Test
    void sendsLinesWithProgressToThoseWhoAskForThem() throws Exception {
        HttpResponse<String> response = post("{}", "application/x-ndjson");

        assertThat(response.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        List<JsonObject> lines = response.body().lines().map(JsonObject::new).toList();
        assertThat(lines.get(0).getJsonObject("progress").getInteger("runs")).isEqualTo(2);
        assertThat(lines.get(lines.size() - 1).getJsonObject("result").getJsonArray("runs"))
                .hasSize(2);
    }

    @Test
    void saysWhatIsWrongAndWhatIsAccepted() throws Exception {
        refused("[]", 400, "no JSON object");
        refused("{\"run\":1}", 400, "query, ids, rules, transitions");
        refused("{\"query\":\"lr<\"}", 400, "query: ");
        refused("{\"ids\":[\"nosuch\"]}", 404, "there is no run \\\"nosuch\\\"");
        refused("{\"rules\":\"other\"}", 400, "accepted is \\\"standard\\\", \\\"peers\\\"");
        refused("{\"rules\":[{\"rule\":\"explode\",\"parameters\":{\"norm\":\"big\"}}]}", 400, "rules.explode.norm");
        refused("{\"rules\":[{\"rule\":\"explode\",\"parameters\":{\"nrm\":1}}]}", 400, "nrm is no parameter");
        assertThat(server.get(BACKTEST).statusCode()).isEqualTo(405);
    }

    private void refused(String body, int status, String detail) throws Exception {
        for (String accept : List.of("application/json", "application/x-ndjson")) {
            HttpResponse<String> response = post(body, accept);
            assertThat(response.body()).contains(detail);
            assertThat(response.statusCode()).isEqualTo(status);
        }
    }

    private JsonObject ok(String body) throws Exception {
        HttpResponse<String> response = post(body, "application/json");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new JsonObject(response.body());
    }

    private HttpResponse<String> post(String body, String accept) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + BACKTEST))
                .header("Content-Type", "application/json")
                .header("Accept", accept)
                .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static JsonObject run(JsonObject answer, String id) {
        return answer.getJsonArray("runs").stream()
                .map(JsonObject.class::cast)
                .filter(run -> run.getString("id").equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> ids(JsonObject answer) {
        JsonArray runs = answer.getJsonArray("runs");
        return runs.stream().map(run -> ((JsonObject) run).getString("id")).toList();
    }
}
