package io.gradwatch.telemetry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.Layer;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.history.HistoryFixture;
import io.gradwatch.telemetry.history.OutboxAlert;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OverviewApiTest {
    private static final String OVERVIEW = "/api/v1/runs/overview?runs=";
    private static final long BEGIN_MS = 1_795_449_912_345L;

    @TempDir
    static Path directory;

    private ApiServer server;
    private HistoryFixture fixture;

    @BeforeAll
    void start() throws Exception {
        server = new ApiServer(directory);
        fixture = new HistoryFixture(server.history);
        RunStarted described = HistoryFixture.started("first", 2, 0).toBuilder()
                .addLayers(Layer.newBuilder().setIndex(2).setName("skip").setMainPath(false))
                .build();
        fixture.start("a", 1, described);
        fixture.start("empty", 1, HistoryFixture.started("empty", 2, 0));
        fixture.start("resumed", 1, HistoryFixture.started("resumed", 2, 0));
        fixture.start("growing", 1, HistoryFixture.started("growing", 2, 0));
        List<IterationRecord> records = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            records.add(record("a", 1, i, i == 30 ? Float.NaN : i, 10 + i, i == 99 ? Float.NaN : 1e-9f * i));
        }
        for (int i = 0; i < 10; i++) {
            records.add(record("resumed", 1, i, 100, 1, 1));
        }
        fixture.append(records);
        fixture.start("resumed", 2, HistoryFixture.started("resumed", 2, 0));
        fixture.append(List.of(record("resumed", 2, 5, 7, 1, 3), record("growing", 1, 0, 2, 1, 1)));
        var writer = server.history.writer();
        writer.epoch(
                fixture.key("a"),
                new EpochRecord(
                        "a",
                        1,
                        0,
                        0,
                        BEGIN_MS + 99_500,
                        Epoch.newBuilder().setIteration(99).build()));
        transition(1, "a/explode/0/1", Alert.Severity.WARNING, Alert.State.RESOLVED);
        transition(2, "a/plateau/0/1", Alert.Severity.INFO, Alert.State.PENDING);
        transition(3, "a/vanish-floor/0/1", Alert.Severity.CRITICAL, Alert.State.FIRING);
        fixture.commit();
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
    }

    private static IterationRecord record(String run, int attempt, int i, float loss, float ms, float gradient) {
        return new IterationRecord(
                run,
                attempt,
                0,
                (attempt - 1) * 10L + i,
                BEGIN_MS + 1_000L * i,
                Iteration.newBuilder()
                        .setIteration(i)
                        .setLoss(loss)
                        .setIterationMs(ms)
                        .setLayers(LayerStatistics.newBuilder()
                                .addMeanAbs(gradient)
                                .addMeanAbs(0.5f)
                                .addMeanAbs(0.25f))
                        .build());
    }

    private void transition(int key, String id, Alert.Severity severity, Alert.State state) {
        Alert alert = Alert.newBuilder()
                .setAlertId(id)
                .setRule(id.split("/")[1])
                .setSeverity(severity)
                .setState(state)
                .setTransition(1)
                .setSinceMs(BEGIN_MS)
                .setMessage("<b>said</b>")
                .build();
        server.history.writer().transition(fixture.key("a"), key, new OutboxAlert("a", 1, 0, alert));
    }

    private JsonObject overview(String id, String more) throws Exception {
        List<JsonObject> items = server.items(OVERVIEW + id + more);
        assertThat(items).hasSize(1);
        return items.get(0);
    }

    @Test
    void hasTheLayersOfTheNewestIterationAndTellsWhichAreBrokenOrOnSkipPaths() throws Exception {
        JsonObject layers = overview("a", "").getJsonObject("layers");

        assertThat(layers.getLong("iteration")).isEqualTo(99);
        assertThat(layers.getJsonArray("meanAbs"))
                .isEqualTo(new JsonArray().add("NaN").add(0.5).add(0.25));
        assertThat(layers.getJsonArray("notFinite")).isEqualTo(new JsonArray().add(0));
        assertThat(layers.getJsonArray("skip")).isEqualTo(new JsonArray().add(2));
    }

    @Test
    void theLossIsThatOfAllIterationsAndCountsWhatIsNotFinite() throws Exception {
        JsonObject loss = overview("a", "&buckets=10").getJsonObject("loss");

        assertThat(loss.getLong("to")).isEqualTo(100);
        assertThat(loss.getLong("width")).isEqualTo(10);
        JsonArray buckets = loss.getJsonArray("buckets");
        assertThat(buckets).hasSize(10);
        assertThat(buckets.getJsonArray(0)).isEqualTo(new JsonArray("[0, 10, 0.0, 9.0, 4.5, 0]"));
        assertThat(buckets.getJsonArray(3)).isEqualTo(new JsonArray("[30, 40, 31.0, 39.0, 35.0, 1]"));
    }

    @Test
    void theIterationTimeIsTheMeanOfTheNewestTwenty() throws Exception {
        assertThat(overview("a", "").getDouble("iterationMs"))
                .isEqualTo(IntStream.range(90, 110).average().orElseThrow());
    }

    @Test
    void alertsThatAreOverAreLeftOut() throws Exception {
        JsonArray alerts = overview("a", "").getJsonArray("alerts");

        assertThat(alerts).hasSize(2);
        assertThat(alerts.getJsonObject(0).getString("rule")).isEqualTo("vanish-floor");
        assertThat(alerts.getJsonObject(0).getString("severity")).isEqualTo("critical");
        assertThat(alerts.getJsonObject(0).getString("state")).isEqualTo("firing");
        assertThat(alerts.getJsonObject(0).getBoolean("acknowledged")).isFalse();
        assertThat(alerts.getJsonObject(0).getString("message")).isEqualTo("<b>said</b>");
        assertThat(alerts.getJsonObject(1).getString("rule")).isEqualTo("plateau");
    }

    @Test
    void aResumedRunShowsWhatCounts() throws Exception {
        JsonObject run = overview("resumed", "");

        assertThat(run.getJsonObject("layers").getLong("iteration")).isEqualTo(5);
        assertThat(run.getJsonObject("layers").getJsonArray("meanAbs").getDouble(0))
                .isEqualTo(3);
        assertThat(run.getJsonObject("loss").getLong("to")).isEqualTo(6);
        assertThat(run.getJsonObject("loss").getJsonArray("buckets").getJsonArray(5))
                .isEqualTo(new JsonArray("[5, 6, 7.0, 7.0, 7.0, 0]"));
    }

    @Test
    void aRunWithoutIterationsHasNothingToShow() throws Exception {
        JsonObject run = overview("empty", "");

        assertThat(run.getLong("seq")).isEqualTo(-1);
        assertThat(run.getValue("layers")).isNull();
        assertThat(run.getValue("iterationMs")).isNull();
        assertThat(run.getJsonObject("loss").getJsonArray("buckets")).isEmpty();
        assertThat(run.getJsonArray("alerts")).isEmpty();
    }

    @Test
    void answersInTheOrderAskedForAndLeavesOutWhatIsNotThere() throws Exception {
        assertThat(server.items(OVERVIEW + "resumed,gone,a"))
                .extracting(run -> run.getString("id"))
                .containsExactly("resumed", "a");
    }

    @Test
    void whatIsKeptOfARunIsForgottenWhenItGoesOn() throws Exception {
        assertThat(overview("growing", "").getJsonObject("loss").getJsonArray("buckets"))
                .hasSize(1);

        fixture.append(List.of(record("growing", 1, 1, 4, 1, 9)));
        fixture.commit();

        JsonObject run = overview("growing", "");
        assertThat(run.getJsonObject("loss").getJsonArray("buckets")).hasSize(2);
        assertThat(run.getJsonObject("layers").getJsonArray("meanAbs").getDouble(0))
                .isEqualTo(9);
    }

    @Test
    void refusesNoneTooManyAndTheSameRunTwice() throws Exception {
        String tooMany = String.join(
                ",",
                IntStream.rangeClosed(0, OverviewRoute.MOST_RUNS)
                        .mapToObj(i -> "r" + i)
                        .toList());
        for (String runs : List.of("", "a,a", "a,", tooMany)) {
            HttpResponse<String> response = server.get(OVERVIEW + runs);
            assertThat(response.statusCode()).as(runs).isEqualTo(400);
            assertThat(new JsonObject(response.body()).getString("parameter")).isEqualTo("runs");
        }
        assertThat(server.get(OVERVIEW + "a&buckets=0").statusCode()).isEqualTo(400);
    }

    @Test
    void epochsTellWhenTheyEndedAndWhenTheRunBegan() throws Exception {
        JsonObject epochs = server.json("/api/v1/runs/a/epochs");

        assertThat(epochs.getString("origin")).isEqualTo(JsonValues.time(BEGIN_MS));
        assertThat(epochs.getJsonArray("items").getJsonObject(0).getString("at"))
                .isEqualTo(JsonValues.time(BEGIN_MS + 99_500));
        assertThat(server.json("/api/v1/runs/empty/epochs").getValue("origin")).isNull();
    }
}
