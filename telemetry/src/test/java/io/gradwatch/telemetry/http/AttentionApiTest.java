package io.gradwatch.telemetry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.telemetry.history.Counters;
import io.gradwatch.telemetry.history.HistoryFixture;
import io.gradwatch.telemetry.history.OutboxAlert;
import io.gradwatch.telemetry.history.PartitionOffset;
import io.gradwatch.telemetry.ingest.AnnotationLog;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That somebody has seen an alert, and silences. */
class AttentionApiTest {
    private static final String ALERTS = "/api/v1/runs/a/alerts";
    private static final String SEEN = ALERTS + "/a%2Fvanish-floor%2F3%2F1/acknowledgement";
    private static final String SILENCES = "/api/v1/runs/a/silences";
    private static final String JSON = "application/json";

    @TempDir
    Path directory;

    private ApiServer server;
    private final AtomicLong offset = new AtomicLong();
    /** History has one writing thread. */
    private final ExecutorService writing = Executors.newSingleThreadExecutor();

    @BeforeEach
    void start() throws Exception {
        server = new ApiServer(directory);
        writing.submit(this::fill).get();
        server.annotations = this::intoHistory;
    }

    private void fill() {
        HistoryFixture fixture = new HistoryFixture(server.history);
        fixture.start("a", 2, HistoryFixture.started("first run", 1, 0));
        fixture.commit();
        int key = server.history.writer().storedRuns().get(0).runKey();
        server.history
                .writer()
                .transition(
                        key,
                        1,
                        new OutboxAlert(
                                "a",
                                2,
                                5,
                                Alert.newBuilder()
                                        .setAlertId("a/vanish-floor/3/1")
                                        .setTransition(1)
                                        .setRule("vanish-floor")
                                        .setSeverity(Alert.Severity.WARNING)
                                        .setState(Alert.State.FIRING)
                                        .build()));
        server.history.writer().commit(List.of(), Counters.NONE);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        writing.shutdownNow();
    }

    private CompletionStage<AnnotationLog.Place> intoHistory(String runId, int attempt, RunAnnotation annotation) {
        return CompletableFuture.supplyAsync(
                () -> {
                    long at = offset.getAndIncrement();
                    server.history.writer().annotation(runId, annotation);
                    server.history
                            .writer()
                            .commit(List.of(new PartitionOffset("gradwatch.annotations", 0, at + 1)), Counters.NONE);
                    return new AnnotationLog.Place("gradwatch.annotations", 0, at);
                },
                writing);
    }

    private JsonObject alert() throws Exception {
        return server.items(ALERTS).get(0);
    }

    @Test
    void anAlertIsAcknowledgedAndThatIsTakenBack() throws Exception {
        assertThat(alert().getValue("acknowledged")).isNull();
        HttpResponse<String> answer = server.body("PUT", SEEN, "{\"by\":\"ada\",\"note\":\"restarting\"}", JSON);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);

        JsonObject seen = alert().getJsonObject("acknowledged");
        assertThat(seen.getString("by")).isEqualTo("ada");
        assertThat(seen.getString("note")).isEqualTo("restarting");
        assertThat(seen.getString("severity")).isEqualTo("warning");
        assertThat(Instant.parse(seen.getString("at"))).isBeforeOrEqualTo(Instant.now());
        assertThat(alert().getString("state")).as("it stays what it is").isEqualTo("firing");
        assertThat(server.items("/api/v1/alerts?acknowledged=true")).hasSize(1);
        assertThat(server.items("/api/v1/alerts?acknowledged=false")).isEmpty();
        assertThat(server.json("/api/v1/runs/a").getJsonArray("tags"))
                .as("of the trainer")
                .contains("nightly");

        assertThat(server.send("DELETE", SEEN).statusCode()).isEqualTo(200);
        assertThat(alert().getValue("acknowledged")).isNull();
        assertThat(server.items("/api/v1/alerts?acknowledged=true")).isEmpty();
    }

    @Test
    void anEmptyBodyIsEnough() throws Exception {
        assertThat(server.send("PUT", SEEN).statusCode()).isEqualTo(200);
        assertThat(alert().getJsonObject("acknowledged").getString("by")).isEqualTo("the API");
    }

    @Test
    void aSilenceHasAnEndAndCanBeEndedBefore() throws Exception {
        HttpResponse<String> answer = server.body(
                "PUT",
                SILENCES,
                "{\"rule\":\"vanish-floor\",\"minutes\":60,\"by\":\"ada\",\"reason\":\"known\"}",
                JSON);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonObject silence = alert().getJsonObject("silenced");
        assertThat(silence.getString("reason")).isEqualTo("known");
        assertThat(Instant.parse(silence.getString("until")))
                .isEqualTo(Instant.parse(silence.getString("from")).plusSeconds(3600));
        assertThat(server.items(SILENCES)).hasSize(1);

        server.body("PUT", SILENCES, "{\"until\":\"" + Instant.now().plusSeconds(7200) + "\"}", JSON);
        assertThat(server.items(SILENCES)).hasSize(2);
        assertThat(alert().getJsonObject("silenced").getValue("rule"))
                .as("the one that ends last counts")
                .isNull();

        assertThat(server.send("DELETE", SILENCES).statusCode()).isEqualTo(200);
        assertThat(alert().getJsonObject("silenced").getString("rule")).isEqualTo("vanish-floor");
        assertThat(server.send("DELETE", SILENCES + "?rule=vanish-floor").statusCode())
                .isEqualTo(200);
        assertThat(alert().getValue("silenced")).isNull();
        assertThat(server.send("DELETE", SILENCES).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            {}                                          | minutes and until are missing | a silence has an end
            {"minutes":5,"until":"2030-01-01T00:00:00Z"} | both given                   | either minutes or until
            {"minutes":0}                               | minutes is "0"                | a whole number from 1 to
            {"minutes":"5"}                             | minutes is "5"                | a whole number from 1 to
            {"until":"tomorrow"}                        | until is "tomorrow"           | a time in UTC
            {"until":"2020-01-01T00:00:00Z"}            | until is "2020-01-01          | a time from now on
            {"rule":"no-such","minutes":5}              | rule is "no-such"             | vanish-floor
            {"minutes":5,"reason":""}                   | reason is ""                  | 1 to 500 characters
            {"minute":5}                                | no field "minute"             | minutes
            [1]                                         | no JSON object                | minutes
            """)
    void aSilenceThatIsNotUnderstoodIsRefused(String body, String problem, String accepted) throws Exception {
        HttpResponse<String> answer = server.body("PUT", SILENCES, body, JSON);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getString("detail"))
                .contains(problem)
                .contains(accepted);
        assertThat(offset).hasValue(0);
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        assertThat(server.send("PUT", ALERTS + "/nosuch/acknowledgement").statusCode())
                .isEqualTo(404);
        assertThat(server.send("PUT", "/api/v1/runs/b/alerts/x/acknowledgement").statusCode())
                .isEqualTo(404);
        assertThat(server.body("PUT", "/api/v1/runs/b/silences", "{\"minutes\":5}", JSON)
                        .statusCode())
                .isEqualTo(404);
        assertThat(server.get("/api/v1/runs/b/silences").statusCode()).isEqualTo(404);
    }
}
