package io.gradwatch.telemetry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.telemetry.history.Counters;
import io.gradwatch.telemetry.history.HistoryFixture;
import io.gradwatch.telemetry.history.PartitionOffset;
import io.gradwatch.telemetry.ingest.AnnotationLog;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code PATCH /runs/{id}}: name, tags, notes and labels. */
class RunChangeTest {
    private static final String RUN = "/api/v1/runs/a";

    @TempDir
    Path directory;

    private ApiServer server;
    private final AtomicLong offset = new AtomicLong();

    @BeforeEach
    void start() throws Exception {
        server = new ApiServer(directory);
        HistoryFixture fixture = new HistoryFixture(server.history);
        fixture.start("a", 2, HistoryFixture.started("first run", 1, 0));
        fixture.commit();
        server.annotations = this::intoHistory;
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void isSeenByWhoeverReadsNext() throws Exception {
        JsonObject answer = patched(
                "{\"name\":\" renamed \",\"notes\":\"a\\r\\nb\",\"addTags\":[\"x\",\"y\"],\"labels\":[\"healthy\"]}");

        assertThat(answer).isEqualTo(server.json(RUN));
        assertThat(answer.getString("name")).isEqualTo("renamed");
        assertThat(answer.getString("notes")).isEqualTo("a\nb");
        assertThat(answer.getJsonArray("tags")).isEqualTo(new JsonArray(List.of("nightly", "x", "y")));
        assertThat(answer.getJsonArray("labels")).isEqualTo(new JsonArray(List.of("healthy")));
        assertThat(server.items("/api/v1/runs?q=name:renamed+tag:y")).hasSize(1);
    }

    @Test
    void leavesAloneWhatIsNotInIt() throws Exception {
        patched("{\"notes\":\"kept\",\"tags\":[\"a\",\"b\"]}");
        JsonObject answer = patched("{\"removeTags\":[\"a\",\"nosuch\"],\"addTags\":[\"c\"]}");

        assertThat(answer.getString("notes")).isEqualTo("kept");
        assertThat(answer.getString("name")).isEqualTo("first run");
        assertThat(answer.getJsonArray("tags")).isEqualTo(new JsonArray(List.of("b", "c")));
        assertThat(patched("{\"tags\":[]}").getJsonArray("tags")).isEmpty();
        assertThat(patched("{\"name\":\"\"}").getString("name")).isEqualTo("first run");
    }

    @Test
    void writesNothingWhenNothingChanges() throws Exception {
        patched("{\"name\":\"x\"}");
        long before = offset.get();
        patched("{\"name\":\"x\"}");
        assertThat(offset).hasValue(before);
    }

    @Test
    void losesNoneOfManyAtOnce() throws Exception {
        var all = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < 12; i++) {
            String body = "{\"addTags\":[\"t" + i + "\"]}";
            all.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return server.patch(RUN, body);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (var one : all) {
            assertThat(one.get().statusCode()).isEqualTo(200);
        }
        assertThat(server.json(RUN).getJsonArray("tags")).hasSize(13);
    }

    @Test
    void keepsAnyTextAsItIs() throws Exception {
        String text =
                "<script>alert(1)</script> '; DROP TABLE runs; -- \u202e\u05e9\u05dc\u05d5\u05dd \uD83D\uDE00 \"q\" \\";
        JsonObject run =
                patched(new JsonObject().put("notes", text).put("name", text).encode());
        assertThat(run.getString("notes")).isEqualTo(text);
        assertThat(run.getString("name")).isEqualTo(text);
        String long10k = "\uD83D\uDE00".repeat(10_000);
        assertThat(patched(new JsonObject().put("notes", long10k).encode()).getString("notes"))
                .isEqualTo(long10k);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            nonsense                       | no JSON object       | name, notes, tags
            []                             | no JSON object       | name, notes, tags
            {}                             | changes nothing      | name, notes, tags
            {"nmae":"x"}                   | no field "nmae"      | name, notes, tags
            {"name":7}                     | name is no text      | at most 200 characters
            {"name":"a\\nb"}               | control characters   | at most 200 characters
            {"notes":"a\\u0000b"}          | control characters   | at most 10000 characters
            {"notes":"\\ud800"}            | control characters   | at most 10000 characters
            {"tags":"x"}                   | tags is no such list | 1 to 64 characters
            {"tags":["x",""]}              | tags is not good     | 1 to 64 characters
            {"addTags":[7]}                | addTags is not good  | 1 to 64 characters
            {"tags":[],"addTags":["x"]}    | together with        | tags alone
            """)
    void isRefusedWithWhatIsAccepted(String body, String problem, String accepted) throws Exception {
        HttpResponse<String> response = server.patch(RUN, body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(new JsonObject(response.body()).getString("detail"))
                .contains(problem)
                .contains(accepted);
        assertThat(offset).hasValue(0);
    }

    @Test
    void hasLimits() throws Exception {
        assertThat(server.patch(
                                RUN,
                                new JsonObject().put("name", "x".repeat(201)).encode())
                        .body())
                .contains("name is 201 characters long");
        assertThat(server.patch(
                                RUN,
                                new JsonObject()
                                        .put("notes", "x".repeat(10_001))
                                        .encode())
                        .statusCode())
                .isEqualTo(400);
        JsonArray words = new JsonArray();
        for (int i = 0; i < 50; i++) {
            words.add("w" + i);
        }
        assertThat(server.patch(RUN, new JsonObject().put("tags", words).encode())
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.patch(RUN, "{\"addTags\":[\"one more\"]}").body()).contains("there would be 51 tags");
        assertThat(server.patch(RUN, "{\"notes\":\"" + "x".repeat(200_000) + "\"}"))
                .satisfies(r -> assertThat(r.statusCode()).isEqualTo(413))
                .satisfies(r -> assertThat(r.body()).contains("at most 131072 bytes"));
        assertThat(server.send("PATCH", RUN).statusCode()).isEqualTo(415);
        assertThat(server.patch("/api/v1/runs/nosuch", "{\"name\":\"x\"}").statusCode())
                .isEqualTo(404);
        assertThat(server.send("DELETE", "/api/v1/runs/a/layers").headers().firstValue("Allow"))
                .contains("GET");
        assertThat(server.send("POST", RUN).headers().firstValue("Allow")).contains("DELETE, GET, PATCH");
    }

    @Test
    void saysSoWhenKafkaDoesNotTakeItOrHistoryHasNotReadItYet() throws Exception {
        server.annotations = (id, attempt, a) -> CompletableFuture.failedFuture(new IllegalStateException("no Kafka"));
        HttpResponse<String> refused = server.patch(RUN, "{\"name\":\"x\"}");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("Kafka did not acknowledge the change");

        server.annotations = (id, attempt, a) ->
                CompletableFuture.completedFuture(new AnnotationLog.Place("gradwatch.annotations", 0, 1_000));
        HttpResponse<String> late = server.patch(RUN, "{\"name\":\"x\"}");
        assertThat(late.statusCode()).isEqualTo(202);
        assertThat(late.body()).contains("history has not read it yet");
    }

    private JsonObject patched(String body) throws Exception {
        HttpResponse<String> response = server.patch(RUN, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new JsonObject(response.body());
    }

    /** As ingest does it, a moment later. */
    private CompletionStage<AnnotationLog.Place> intoHistory(String runId, int attempt, RunAnnotation annotation) {
        assertThat(attempt).isEqualTo(2);
        long at = offset.getAndIncrement();
        var writer = server.history.writer();
        var unused = CompletableFuture.runAsync(
                () -> {
                    synchronized (offset) {
                        writer.annotation(runId, annotation);
                        writer.commit(List.of(new PartitionOffset("gradwatch.annotations", 0, at + 1)), Counters.NONE);
                    }
                },
                CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
        return CompletableFuture.completedFuture(new AnnotationLog.Place("gradwatch.annotations", 0, at));
    }
}
