package io.gradwatch.telemetry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.telemetry.history.HistoryFixture;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Series of several runs, smoothing, frames and divergence over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeriesApiTest {
    private static final String API = "/api/v1";
    private static final int ITERATIONS = 400;

    @TempDir
    static Path directory;

    private ApiServer server;

    @BeforeAll
    void start() throws Exception {
        server = new ApiServer(directory);
        HistoryFixture fixture = new HistoryFixture(server.history);
        for (String id : List.of("a", "b")) {
            fixture.start(id, 1, HistoryFixture.started("run " + id, 2, 0));
            List<IterationRecord> records = new ArrayList<>();
            for (int i = 0; i < ITERATIONS; i++) {
                Iteration.Builder iteration = Iteration.newBuilder()
                        .setIteration(i)
                        .setEpoch(i / 100)
                        .setLoss(i == 3 ? Float.NaN : i % 2)
                        .setLayers(LayerStatistics.newBuilder()
                                .addMeanAbs(id.equals("b") && i >= 250 ? 2 : 1)
                                .addMeanAbs(1));
                long at = 1_795_449_912_345L + (id.equals("a") ? 10L : 20L) * i;
                records.add(new IterationRecord(id, 1, 0, i, at, iteration.build()));
            }
            fixture.append(records);
        }
        fixture.start("empty", 1, HistoryFixture.started("nothing yet", 2, 0));
        fixture.commit();
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
    }

    @Test
    void answersSeveralRunsInTheSameBuckets() throws Exception {
        JsonObject answer = server.json(API + "/series?runs=b,a&metric=loss,gradient.mean_abs&layer=0&buckets=4");

        assertThat(answer.getString("align")).isEqualTo("iteration");
        assertThat(answer.getLong("to")).isEqualTo(ITERATIONS);
        assertThat(lines(answer))
                .containsExactly("b loss null", "b gradient.mean_abs 0", "a loss null", "a gradient.mean_abs 0");
        assertThat(bucket(answer, 1, 3).getDouble("max")).isEqualTo(2);
        assertThat(bucket(answer, 3, 3).getDouble("max")).isEqualTo(1);
    }

    @Test
    void alignsByEpochAndByTime() throws Exception {
        JsonObject byEpoch = server.json(API + "/series?runs=a&align=epoch&metric=loss&from=1&to=3");
        assertThat(byEpoch.getLong("width")).isEqualTo(1);
        assertThat(bucket(byEpoch, 0, 0).getLong("from")).isEqualTo(1);
        assertThat(bucket(byEpoch, 0, 0).getLong("count")).isEqualTo(100);

        JsonObject byTime = server.json(API + "/series?runs=a,b&align=wall&metric=loss&buckets=2");
        assertThat(byTime.getLong("to")).isEqualTo(20 * (ITERATIONS - 1) + 1);
        assertThat(byTime.getJsonArray("series").getJsonObject(0).getJsonArray("buckets"))
                .hasSize(1); // a took half of the time
        assertThat(bucket(byTime, 0, 0).getLong("count")).isEqualTo(ITERATIONS);
    }

    @Test
    void smoothsOverWhatComesBeforeTheRange() throws Exception {
        JsonObject answer =
                server.json(API + "/runs/a/series?metric=loss&from=100&to=102&buckets=1&smoothing=ewma&halflife=1000");

        JsonObject smoothed = bucket(answer, 0, 0).getJsonObject("smoothed");
        assertThat(smoothed.getLong("count")).isEqualTo(2);
        assertThat(smoothed.getDouble("mean")).isCloseTo(0.5, within(0.02));
        assertThat(bucket(server.json(API + "/runs/a/series?metric=loss&buckets=1"), 0, 0)
                        .containsKey("smoothed"))
                .isFalse();
        assertThat(bucket(
                                server.json(
                                        API
                                                + "/runs/a/series?metric=loss&from=3&to=4&buckets=1&smoothing=ewma&alpha=0.5&space=log"),
                                0,
                                0)
                        .getJsonObject("smoothed"))
                .as("a NaN has none")
                .isNull();
    }

    @Test
    void answersFramesWithTheSameNumbers() throws Exception {
        String path = API + "/runs/a/series?metric=loss&buckets=8&smoothing=ewma&alpha=0.1";
        JsonObject json = server.json(path);
        HttpResponse<byte[]> response = server.bytes(path, "Accept", SeriesRoutes.FRAME);
        assertThat(response.headers().firstValue("Content-Type")).contains(SeriesRoutes.FRAME);
        ByteBuffer bytes = ByteBuffer.wrap(response.body()).order(ByteOrder.LITTLE_ENDIAN);
        int length = bytes.getInt(4);
        JsonObject header = new JsonObject(new String(response.body(), 8, length, StandardCharsets.UTF_8));

        assertThat(header.getString("type")).isEqualTo("series");
        assertThat(header.getJsonArray("series").getJsonObject(0).getString("metric"))
                .isEqualTo("loss");
        JsonArray blocks = header.getJsonArray("blocks");
        for (int k = 0; k < blocks.size(); k++) {
            JsonObject block = blocks.getJsonObject(k);
            String name = block.getString("name");
            for (int b = 0; b < 8; b++) {
                double value = bytes.getDouble(8 + length + block.getInteger("offset") + 8 * b);
                JsonObject bucket = bucket(json, 0, b);
                double expected = switch (name) {
                    case "starts" -> bucket.getDouble("from");
                    case "first", "last", "mean", "min", "max", "nan", "inf", "count" -> bucket.getDouble(name);
                    default -> bucket.getJsonObject("smoothed").getDouble(name.substring("smoothed.".length()));
                };
                assertThat(value).as(name).isCloseTo(expected, within(1e-12));
            }
        }
    }

    @Test
    void namesTheFirstDifferenceAndTheLayer() throws Exception {
        JsonObject answer = server.json(API + "/divergence?runs=a,b");

        assertThat(answer.getJsonObject("first").getLong("iteration")).isEqualTo(250);
        assertThat(answer.getJsonObject("first").getString("metric")).isEqualTo("gradient.mean_abs");
        assertThat(answer.getJsonObject("first").getInteger("layer")).isZero();
        assertThat(answer.getJsonObject("first").getString("layerName")).isEqualTo("layer 0");
        assertThat(answer.getJsonArray("metrics").getJsonObject(0).getLong("iteration"))
                .isNull();
        assertThat(server.json(API + "/divergence?runs=a,b&tolerance=0.5").getJsonObject("first"))
                .isNull();
        assertThat(server.json(API + "/divergence?runs=a,empty").getLong("to")).isZero();
    }

    @Test
    void answersARunWithoutIterations() throws Exception {
        JsonObject answer = server.json(API + "/series?runs=empty&metric=loss&align=wall");

        assertThat(answer.getJsonArray("series").getJsonObject(0).getJsonArray("buckets"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "/series?metric=loss; runs; ids of 1 to 20 runs",
                "/series?runs=a,a&metric=loss; runs; each once",
                "/series?runs=a&metric=loss&align=time; align; one of iteration, epoch, wall",
                "/series?runs=a&metric=loss&from=400; from; 0 to 399, the last iteration that there is",
                "/series?runs=a&metric=loss&align=epoch&from=4; from; 0 to 3, the last epoch that there is",
                "/runs/a/series?metric=loss&from=400; from; 0 to 399, the last iteration that there is",
                "/runs/a/heatmap?metric=gradient.l2&from=4000&to=5000; from; 0 to 399, the last iteration",
                "/runs/empty/series?metric=loss&from=7; from; 0: there are no iterations yet",
                "/runs/a/series?metric=loss&smoothing=mean; smoothing; one of none, ewma",
                "/runs/a/series?metric=loss&smoothing=ewma; alpha; either alpha or halflife",
                "/runs/a/series?metric=loss&smoothing=ewma&alpha=0.1&halflife=3; halflife; either alpha or halflife",
                "/runs/a/series?metric=loss&smoothing=ewma&alpha=1.5; alpha; a number above 0, at most 1",
                "/runs/a/series?metric=loss&smoothing=ewma&alpha=.; alpha; a number above 0, at most 1",
                "/runs/a/series?metric=loss&smoothing=ewma&halflife=0; halflife; a number of values above 0",
                "/runs/a/series?metric=loss&space=log; space; ewma",
                "/divergence?runs=a; runs; ids of two runs",
                "/divergence?runs=a,b&tolerance=-1; tolerance; a share of the larger value",
                "/divergence?runs=a,b&metric=los; metric; one or several",
            })
    void namesTheParameterThatIsWrong(String path, String parameter, String accepted) throws Exception {
        HttpResponse<String> response = server.get(API + path);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        JsonObject problem = new JsonObject(response.body());
        assertThat(problem.getString("parameter")).isEqualTo(parameter);
        assertThat(problem.getString("accepted")).contains(accepted);
    }

    @Test
    void refusesAnUnknownRun() throws Exception {
        assertThat(server.get(API + "/series?runs=a,nobody&metric=loss").statusCode())
                .isEqualTo(404);
        assertThat(server.get(API + "/divergence?runs=a,nobody").statusCode()).isEqualTo(404);
    }

    private static List<String> lines(JsonObject answer) {
        return answer.getJsonArray("series").stream()
                .map(o -> (JsonObject) o)
                .map(o -> o.getString("run") + " " + o.getString("metric") + " " + o.getInteger("layer"))
                .toList();
    }

    private static JsonObject bucket(JsonObject answer, int line, int bucket) {
        return answer.getJsonArray("series")
                .getJsonObject(line)
                .getJsonArray("buckets")
                .getJsonObject(bucket);
    }
}
