package io.gradwatch.telemetry.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Curvature;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Histogram;
import io.gradwatch.contract.v1.Histograms;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.Resources;
import io.gradwatch.telemetry.history.HistoryFixture;
import io.gradwatch.telemetry.history.OutboxAlert;
import io.gradwatch.telemetry.history.QuarantinedRecord;
import io.gradwatch.telemetry.ingest.IngestStatus;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.HistogramsRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiTest {
    private static final String API = "/api/v1";

    @TempDir
    static Path directory;

    private static final Iteration SAMPLED = Iteration.newBuilder()
            .setCurvature(Curvature.newBuilder().setGradientSquare(1.23456789012e-60))
            .setResources(Resources.newBuilder().setHeapBytes(8_000_000_001L))
            .build();

    private ApiServer server;

    @BeforeAll
    void start() throws Exception {
        server = new ApiServer(directory);
        HistoryFixture fixture = new HistoryFixture(server.history);
        fixture.start("vgg-a", 1, HistoryFixture.started("first run", 2, 1));
        for (int i = 0; i < 6; i++) {
            fixture.start("other-" + i, 1, HistoryFixture.started("other " + i, 0, 0));
        }
        List<IterationRecord> records = new ArrayList<>();
        for (int i = 0; i < 1_200; i++) {
            Iteration.Builder iteration = Iteration.newBuilder()
                    .setIteration(i)
                    .setLoss(i == 3 ? Float.NaN : 4.6049f)
                    .setLayers(LayerStatistics.newBuilder()
                            .addMeanAbs(i == 1 ? Float.POSITIVE_INFINITY : 1e-9f)
                            .addMeanAbs(i));
            records.add(new IterationRecord("vgg-a", 1, 2, 10 + i, 1_795_449_912_345L, iteration.build()));
        }
        fixture.append(records);
        fixture.append(List.of(new IterationRecord("other-5", 1, 0, 1, 0, SAMPLED)));
        var writer = server.history.writer();
        for (int i = 0; i < 5; i++) {
            Histogram.Builder histogram = Histogram.newBuilder()
                    .setFirstBin(40)
                    .addCounts(3)
                    .addCounts(0)
                    .addCounts(i)
                    .setZeros(9)
                    .setNotFinite(1);
            writer.histograms(
                    fixture.key("vgg-a"),
                    new HistogramsRecord(
                            "vgg-a",
                            1,
                            1_795_449_912_345L,
                            Histograms.newBuilder()
                                    .setIteration(100L * i)
                                    .setEpoch(i)
                                    .addGradients(histogram)
                                    .addGradients(histogram)
                                    .build()));
        }
        writer.epoch(
                fixture.key("vgg-a"),
                new EpochRecord(
                        "vgg-a",
                        1,
                        0,
                        0,
                        0,
                        Epoch.newBuilder()
                                .setEpoch(0)
                                .setIteration(99)
                                .setValidationLoss(1.5f)
                                .build()));
        Alert.Builder alert = Alert.newBuilder()
                .setRule("vanish-floor")
                .setRuleVersion(1)
                .setSeverity(Alert.Severity.CRITICAL)
                .setSinceMs(1_795_449_912_345L)
                .addLayers(0)
                .setCutLayer(1)
                .setMessage("one, \"two\"")
                .putInputs("decades_lost", 13.7);
        for (int i = 0; i < 3; i++) {
            alert.setAlertId("vgg-a/vanish-floor/" + i + "/1").setFirstIteration(i);
            alert.setState(Alert.State.PENDING).setTransition(1).setLastIteration(i);
            writer.transition(fixture.key("vgg-a"), i + 1, new OutboxAlert("vgg-a", 1, 0, alert.build()));
            if (i != 1) {
                alert.setState(Alert.State.FIRING).setTransition(2).setLastIteration(i + 19);
                writer.transition(fixture.key("vgg-a"), i + 1, new OutboxAlert("vgg-a", 1, 0, alert.build()));
            }
        }
        for (int i = 1; i <= 3; i++) {
            writer.quarantine(new QuarantinedRecord(
                    i, "gradwatch.iterations", 0, 16 + i, 1_795_449_912_345L, "key", "why " + i, 12, ByteString.EMPTY));
        }
        fixture.commit();
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
    }

    @Test
    void tellsPrometheusHowItDoes() throws Exception {
        HttpResponse<String> answer = server.get("/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.body())
                .contains(
                        "\ngradwatch_ingest_records_total 10.0\n",
                        "\ngradwatch_ingest_lag_records 3.0\n",
                        "\ngradwatch_kafka_connected 1.0\n",
                        "\ngradwatch_frame_latency_seconds_count ",
                        "\ngradwatch_history_iterations ",
                        "\ngradwatch_run_iteration{run=\"vgg-a\"} 1199.0\n");
        assertThat(answer.body().lines().filter(line -> !line.startsWith("#")))
                .allMatch(line -> line.matches("[a-z0-9_]+(\\{([a-z]+=\"[^\"]*\",?)+})? [-+0-9.EeInfNa]+"));
        assertThat(answer.body().lines().filter(line -> line.startsWith("gradwatch_run_iteration{")))
                .as("only runs that go on, and not many")
                .hasSizeLessThanOrEqualTo(MetricsRoute.MOST_RUNS);
    }

    @Test
    void showsARun() throws Exception {
        JsonObject run = server.json(API + "/runs/vgg-a");
        assertThat(run.getString("state")).isEqualTo("running");
        assertThat(run.getString("startedAt")).isEqualTo("2026-11-23T16:05:12.345Z");
        assertThat(run.getValue("endedAt")).isNull();
        assertThat(run.getValue("accuracy")).isNull();
        assertThat(run.getDouble("loss")).isEqualTo(4.6049);
        assertThat(run.getInteger("iteration")).isEqualTo(1_199);
        assertThat(run.getLong("seq")).isEqualTo(1_209);
        assertThat(run.getJsonArray("tags")).isEqualTo(new JsonArray().add("nightly"));
        assertThat(run.getJsonObject("configuration").getString("lr")).isEqualTo("0.001");
    }

    @Test
    void hasEveryFieldOfARunThatTheDocumentationShows() throws Exception {
        assertThat(server.json(API + "/runs/vgg-a").fieldNames())
                .contains(
                        "id",
                        "name",
                        "preset",
                        "state",
                        "attempt",
                        "startedAt",
                        "endedAt",
                        "lastSeenAt",
                        "reason",
                        "iteration",
                        "epoch",
                        "loss",
                        "accuracy",
                        "learningRate",
                        "dropped",
                        "plannedEpochs",
                        "plannedIterations",
                        "iterationsPerEpoch",
                        "batchSize",
                        "seed",
                        "classes",
                        "parameters",
                        "validationLoss",
                        "validationAccuracy",
                        "bestValidationAccuracy",
                        "layers",
                        "batchNorms",
                        "dataset",
                        "configuration",
                        "versions",
                        "host",
                        "tags",
                        "seq",
                        "firingAlerts",
                        "worstSeverity",
                        "attempts",
                        "result",
                        "sampled");
    }

    @Test
    void pagesThroughRunsWithoutLosingOrRepeatingAny() throws Exception {
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            JsonObject page = server.json(API + "/runs?limit=3" + cursor);
            page.getJsonArray("items").forEach(r -> seen.add(((JsonObject) r).getString("id")));
            cursor = page.getString("next") == null ? null : "&cursor=" + page.getString("next");
        } while (cursor != null);
        assertThat(seen).hasSize(7).doesNotHaveDuplicates().last().isEqualTo("vgg-a");
    }

    @Test
    void findsRunsByTextStateAndTag() throws Exception {
        assertThat(ids("/runs?q=FIRST")).containsExactly("vgg-a");
        assertThat(ids("/runs?q=NIGHT")).hasSize(7);
        assertThat(ids("/runs?q=other-3")).containsExactly("other-3");
        assertThat(ids("/runs?q=%25")).isEmpty();
        assertThat(ids("/runs?state=failed")).isEmpty();
        assertThat(ids("/runs?state=running&limit=500")).hasSize(7);
        assertThat(ids("/runs?tag=night")).isEmpty();
        assertThat(ids("/runs?tag=nightly&limit=2")).hasSize(2);
    }

    @Test
    void sortsRunsAndGoesOnInThatOrder() throws Exception {
        assertThat(ids("/runs?sort=name&limit=2")).containsExactly("vgg-a", "other-0");
        String next = server.json(API + "/runs?sort=-name&limit=3").getString("next");
        assertThat(ids("/runs?sort=-name&limit=3&cursor=" + next)).containsExactly("other-2", "other-1", "other-0");
        assertThat(server.get(API + "/runs?sort=name&cursor=" + next).statusCode())
                .isEqualTo(400);
    }

    @Test
    void pointsAtThePlaceInAQueryThatCannotBeRead() throws Exception {
        JsonObject problem = problem(server.get(API + "/runs?q=lr%3C0.1%20state:done"));
        assertThat(problem.getInteger("position")).isEqualTo(13);
        assertThat(problem.getString("caret")).isEqualTo("lr<0.1 state:done\n             ^");
        assertThat(problem.getString("detail"))
                .isEqualTo("q: state cannot be \"done\" at character 14;"
                        + " accepted is one of running, finished, stopped, failed, silent, paused");
    }

    @Test
    void comparesRunsByWhatDiffers() throws Exception {
        JsonObject table = server.json(API + "/runs/compare?runs=vgg-a,other-5");
        assertThat(table.getJsonArray("runs").getJsonObject(1).getString("id")).isEqualTo("other-5");
        List<String> names = table.getJsonArray("rows").stream()
                .map(r -> ((JsonObject) r).getString("name"))
                .toList();
        assertThat(names).contains("layers", "loss", "iteration").doesNotContain("lr", "preset");
        JsonObject all = server.json(API + "/runs/compare?runs=vgg-a,other-5&all=true");
        assertThat(all.getJsonArray("rows")).hasSize(names.size() + table.getInteger("equal"));
        assertThat(all.getJsonArray("rows").stream()
                        .map(r -> ((JsonObject) r).getString("group") + " " + ((JsonObject) r).getString("name")))
                .contains("parameter preset")
                .doesNotHaveDuplicates();
        assertThat(all.getJsonArray("rows"))
                .contains(new JsonObject()
                        .put("group", "parameter")
                        .put("name", "lr")
                        .put("differs", false)
                        .put("values", new JsonArray().add("0.001").add("0.001")));
    }

    @Test
    void showsLayersAndEpochs() throws Exception {
        JsonObject layers = server.json(API + "/runs/vgg-a/layers");
        assertThat(layers.getJsonArray("items").getJsonObject(1).getString("name"))
                .isEqualTo("layer 1");
        assertThat(layers.getJsonArray("items").getJsonObject(1).getJsonArray("shape"))
                .isEqualTo(new JsonArray().add(32).add(3));
        assertThat(layers.getJsonArray("batchNorms")).hasSize(1);
        JsonObject epoch = server.items(API + "/runs/vgg-a/epochs").get(0);
        assertThat(epoch.getDouble("validationLoss")).isEqualTo(1.5);
        assertThat(epoch.getValue("testLoss")).isNull();
    }

    @Test
    void cutsSeriesIntoBucketsAndTellsNanFromNotMeasured() throws Exception {
        JsonObject answer = server.json(
                API + "/runs/vgg-a/series?metric=loss,gradient.mean_abs,accuracy&layer=1,0&from=0&to=10&buckets=3");
        assertThat(answer.getInteger("width")).isEqualTo(4);
        JsonArray series = answer.getJsonArray("series");
        assertThat(series).hasSize(4);
        JsonObject loss = series.getJsonObject(0);
        assertThat(loss.getValue("layer")).isNull();
        assertThat(loss.getString("unit")).isEqualTo("nats");
        JsonObject first = loss.getJsonArray("buckets").getJsonObject(0);
        assertThat(first.getInteger("count")).isEqualTo(4);
        assertThat(first.getInteger("nan")).isEqualTo(1);
        assertThat(first.getDouble("min")).isEqualTo(4.6049);
        assertThat(first.getValue("last")).isEqualTo("NaN");
        assertThat(loss.getJsonArray("buckets").getJsonObject(2).getInteger("to"))
                .isEqualTo(10);
        assertThat(series.getJsonObject(3).getJsonArray("buckets")).isEmpty();
    }

    @Test
    void givesHeatMapsAsJsonAndAsFrames() throws Exception {
        String path = API + "/runs/vgg-a/heatmap?metric=gradient.mean_abs&from=0&to=4&columns=2";
        JsonObject map = server.json(path);
        assertThat(map.getJsonArray("starts")).isEqualTo(new JsonArray().add(0).add(2));
        assertThat(map.getJsonArray("inf").getJsonArray(0))
                .isEqualTo(new JsonArray().add(1).add(0));
        assertThat(map.getJsonArray("max").getJsonArray(1).getDouble(1)).isEqualTo(3.0);

        HttpResponse<byte[]> frame = server.bytes(path, "Accept", "application/vnd.gradwatch.frame");
        assertThat(frame.headers().firstValue("Content-Type")).contains("application/vnd.gradwatch.frame");
        ByteBuffer bytes = ByteBuffer.wrap(frame.body()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(new String(frame.body(), 0, 4, StandardCharsets.US_ASCII)).isEqualTo("GWF1");
        JsonObject header =
                new JsonObject(new String(frame.body(), 8, bytes.getInt(4), StandardCharsets.UTF_8).strip());
        assertThat(header.getString("type")).isEqualTo("heatmap");
        assertThat(header.getInteger("rows")).isEqualTo(2);
    }

    @Test
    void saysWithCountZeroWhereNothingWasSampledAndKeepsTheDigitsOfDoubles() throws Exception {
        JsonObject answer = server.json(
                API
                        + "/runs/other-5/series?metric=curvature.gradient_square,resources.heap_bytes,resources.gpu&from=0&to=2");
        JsonArray square = answer.getJsonArray("series").getJsonObject(0).getJsonArray("buckets");
        assertThat(square.getJsonObject(0).getDouble("last")).isEqualTo(1.23456789012e-60);
        assertThat(square.getJsonObject(1).getInteger("count")).isZero();
        assertThat(square.getJsonObject(1).getValue("last", "absent")).isNull();
        assertThat(answer.getJsonArray("series")
                        .getJsonObject(1)
                        .getJsonArray("buckets")
                        .getJsonObject(0)
                        .getLong("max"))
                .isEqualTo(8_000_000_001L);
        assertThat(answer.getJsonArray("series").getJsonObject(2).getJsonArray("buckets"))
                .allSatisfy(
                        b -> assertThat(((JsonObject) b).getInteger("count")).isZero());
        assertThat(server.json(API + "/runs/other-5").getJsonArray("sampled"))
                .isEqualTo(new JsonArray().add("curvature").add("resources"));
    }

    @Test
    void givesHistogramsWithTheEdgesOfTheirBins() throws Exception {
        JsonObject all = server.json(API + "/runs/vgg-a/histograms?kind=gradient&layer=1,0&from=100&limit=2");
        assertThat(all.getJsonArray("iterations")).isEqualTo(new JsonArray(List.of(100L, 200L, 300L, 400L)));
        assertThat(all.getJsonArray("edges")).hasSize(65);
        assertThat(all.getJsonArray("edges").getDouble(51)).isEqualTo(1.0);
        assertThat(all.getJsonArray("edges").getDouble(0)).isEqualTo(Math.pow(4, -51));
        assertThat(all.getJsonArray("items")).hasSize(4);
        JsonObject last = all.getJsonArray("items").getJsonObject(3);
        assertThat(last)
                .isEqualTo(new JsonObject()
                        .put("iteration", 200)
                        .put("epoch", 2)
                        .put("attempt", 1)
                        .put("layer", 1)
                        .put("firstBin", 40)
                        .put("counts", new JsonArray().add(3).add(0).add(2))
                        .put("zeros", 9)
                        .put("below", 0)
                        .put("above", 0)
                        .put("notFinite", 1));
        assertThat(all.getInteger("next")).isEqualTo(300);
        JsonObject rest = server.json(API + "/runs/vgg-a/histograms?kind=gradient&layer=*&from=300&limit=2");
        assertThat(rest.getJsonArray("items")).hasSize(4);
        assertThat(rest.getValue("next")).isNull();
        assertThat(server.json(API + "/runs/vgg-a/histograms?kind=parameter&layer=*")
                        .getJsonArray("items"))
                .isEmpty();
    }

    @Test
    void exportsHistogramsAndSamples() throws Exception {
        List<String> lines = server.get(API + "/runs/vgg-a/export?table=histograms")
                .body()
                .lines()
                .toList();
        assertThat(lines)
                .hasSize(11)
                .startsWith(
                        "attempt,iteration,epoch,produced_at,kind,layer,first_bin,counts,zeros,below,above,not_finite",
                        "1,0,0,2026-11-23T16:05:12.345Z,gradient,0,40,3 0 0,9,0,0,1");
        JsonArray json = new JsonArray(server.get(API + "/runs/vgg-a/export?table=histograms&format=json")
                .body());
        assertThat(json.getJsonObject(9).getJsonArray("counts"))
                .isEqualTo(new JsonArray().add(3).add(0).add(4));
        JsonArray sampled = new JsonArray(
                server.get(API + "/runs/other-5/export?format=json").body());
        assertThat(sampled.getJsonObject(0).getDouble("curvature_gradient_square"))
                .isEqualTo(1.23456789012e-60);
        assertThat(sampled.getJsonObject(0).getValue("curvature_step", "absent"))
                .isNull();
        assertThat(server.get(API + "/runs/other-5/export?table=layer_samples").body())
                .startsWith("attempt,iteration,layer,activation_mean,");
    }

    @Test
    void listsAlertsInTheirNewestState() throws Exception {
        List<JsonObject> alerts = server.items(API + "/runs/vgg-a/alerts");
        assertThat(alerts).extracting(a -> a.getString("state")).containsExactly("firing", "pending", "firing");
        JsonObject alert = alerts.get(0);
        assertThat(alert.getInteger("firedIteration")).isEqualTo(21);
        assertThat(alert.getString("cutLayerName")).isEqualTo("layer 1");
        assertThat(alert.getDouble("decadesLost")).isEqualTo(13.7);
        assertThat(alert.getJsonArray("transitions")).hasSize(2);
        assertThat(server.items(API + "/alerts?state=pending")).hasSize(1);
        JsonObject page = server.json(API + "/alerts?limit=2");
        assertThat(server.items(API + "/alerts?limit=2&cursor=" + page.getString("next")))
                .extracting(a -> a.getString("id"))
                .containsExactly("vgg-a/vanish-floor/0/1");
        JsonObject card =
                server.json(API + "/runs/vgg-a/alerts/" + alert.getString("id").replace("/", "%2F") + "/card");
        assertThat(card.getString("alertId")).isEqualTo(alert.getString("id"));
        assertThat(card.getString("title")).isEqualTo("The gradient vanishes");
        assertThat(card.getJsonArray("measured").getJsonObject(0).getString("value"))
                .isEqualTo("layer 1 · layer 1");
        assertThat(card.getJsonArray("suggestions")).isNotEmpty();
        assertThat(server.get(API + "/runs/vgg-a/alerts/none/card").statusCode())
                .isEqualTo(404);
        assertThat(server.get(API + "/runs/other-1/alerts/"
                                + alert.getString("id").replace("/", "%2F") + "/card")
                        .body())
                .contains("there is no alert");
        assertThat(server.items(API + "/rules"))
                .extracting(r -> r.getString("rule"))
                .contains("vanish-floor", "vanish-depth");
    }

    @Test
    void exportsEveryRowAsCsvAndAsJson() throws Exception {
        HttpResponse<String> csv = server.get(API + "/runs/vgg-a/export");
        List<String> lines = csv.body().lines().toList();
        assertThat(csv.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"vgg-a-iterations.csv\"");
        assertThat(lines).hasSize(1_201);
        assertThat(lines.get(0)).startsWith("attempt,iteration,seq,produced_at,");
        assertThat(lines.get(4)).isEqualTo("1,3,13,2026-11-23T16:05:12.345Z,0,0,NaN,,,,,0" + ",".repeat(15));
        JsonArray layers = new JsonArray(
                server.get(API + "/runs/vgg-a/export?table=layers&format=json").body());
        assertThat(layers).hasSize(2_400);
        assertThat(layers.getJsonObject(2).getValue("mean_abs")).isEqualTo("Infinity");
        assertThat(layers.getJsonObject(2).getValue("l2")).isNull();
        assertThat(server.get(API + "/runs/vgg-a/export?table=alerts").body()).contains("\"one, \"\"two\"\"\"");
        assertThat(server.get(API + "/runs/vgg-a/export?table=batch_norms")
                        .body()
                        .lines())
                .hasSize(1);
        assertThat(new JsonArray(
                        server.get(API + "/runs/other-1/export?format=json").body()))
                .isEmpty();
        assertThat(new JsonArray(server.get(API + "/runs/vgg-a/export?table=epochs&format=json")
                        .body()))
                .hasSize(1);
    }

    @Test
    void tellsHowTheServiceIsDoing() throws Exception {
        JsonObject status = server.json(API + "/status");
        assertThat(status.getJsonObject("kafka").getInteger("lag")).isEqualTo(3);
        assertThat(status.getJsonObject("ingest").getInteger("malformed")).isEqualTo(2);
        assertThat(status.getJsonObject("history").getInteger("iterations")).isEqualTo(1_201);
        List<JsonObject> kept = server.items(API + "/quarantine?limit=2");
        assertThat(kept).extracting(k -> k.getString("reason")).containsExactly("why 3", "why 2");
        assertThat(server.json("/healthz").getString("status")).isEqualTo("up");
        assertThat(server.get("/readyz").statusCode()).isEqualTo(200);
        IngestStatus before = server.ingest;
        server.ingest = new IngestStatus(false, true, 0, before.counters());
        HttpResponse<String> away = server.get("/readyz");
        server.ingest = before;
        assertThat(away.statusCode()).isEqualTo(503);
        assertThat(away.body()).contains("Kafka does not answer");
    }

    @Test
    void saysThatTheDiskIsFull() throws Exception {
        IngestStatus before = server.ingest;
        server.ingest = new IngestStatus(true, true, 9, before.counters(), "the disk is full: 12 MiB left");
        HttpResponse<String> ready = server.get("/readyz");
        JsonObject status = server.json(API + "/status");
        server.ingest = before;
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).contains("not ready: the disk is full: 12 MiB left");
        assertThat(status.getJsonObject("history").getString("problem")).startsWith("the disk is full");
        assertThat(server.json(API + "/status").getJsonObject("history").getString("problem"))
                .isNull();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            value = {
                "/runs?limit=0; limit; a whole number from 1 to 500",
                "/runs?limit=many; limit; a whole number from 1 to 500",
                "/runs?state=idle; state; one of running, finished, stopped, failed, silent, paused",
                "/runs?cursor=xyz; cursor; the \"next\" of the page before",
                "/runs?curser=xyz; curser; cursor, limit, q, sort, state, tag",
                "/runs?limit=1&limit=2; limit; once",
                "/runs?q=lr%3C; q; a word, a number",
                "/runs?q=loss%3Cabc; q; a number such as 0.01",
                "/runs?sort=tag; sort; 1 to 4 names of fields",
                "/runs?sort=loss&cursor=WyJuYW1lIl0; cursor; the \"next\" of the page before",
                "/runs/compare?runs=vgg-a; runs; 2 to 8 different ids",
                "/runs/compare?runs=vgg-a,vgg-a; runs; 2 to 8 different ids",
                "/runs/compare?runs=a,b&all=yes; all; one of true, false",
                "/runs/vgg-a/superseded?metric=gradient.l2; metric; one or several, separated by commas, of loss",
                "/runs/vgg-a/superseded?attempt=0; attempt; a whole number from 1",
                "/runs/vgg-a?x=1; x; no parameter",
                "/runs/vgg-a/series; metric; one or several, separated by commas, of loss, accuracy",
                "/runs/vgg-a/series?metric=lost; metric; one or several, separated by commas, of loss, accuracy",
                "/runs/vgg-a/series?metric=gradient.l2; layer; an index, a list of them such as 0,5,37, or *",
                "/runs/vgg-a/series?metric=gradient.l2&layer=x; layer; an index, a list of them such as 0,5,37, or *",
                "/runs/vgg-a/series?metric=gradient.l2&layer=2; layer; 0 to 1 for gradient.l2",
                "/runs/vgg-a/series?metric=loss&buckets=many; buckets; a whole number from 1 to 10000",
                "/runs/vgg-a/series?metric=loss&buckets=10001; buckets; a whole number from 1 to 10000",
                "/runs/vgg-a/series?metric=loss&from=-1; from; a whole number from 0",
                "/runs/vgg-a/series?metric=loss&from=5&to=5; to; a whole number above from, which is 5",
                "/runs/vgg-a/heatmap; metric; one of gradient.mean_abs",
                "/runs/vgg-a/heatmap?metric=loss; metric; one of gradient.mean_abs",
                "/runs/vgg-a/heatmap?metric=gradient.l2&columns=0; columns; a whole number from 1 to 4000",
                "/runs/vgg-a/histograms?layer=0; kind; one of gradient, parameter",
                "/runs/vgg-a/histograms?kind=weights&layer=0; kind; one of gradient, parameter",
                "/runs/vgg-a/histograms?kind=gradient; layer; an index, a list of them such as 0,5,37, or *",
                "/runs/vgg-a/histograms?kind=gradient&layer=x; layer; an index, a list of them such as 0,5,37, or *",
                "/runs/vgg-a/histograms?kind=gradient&layer=2; layer; 0 to 1 for gradient histograms",
                "/runs/vgg-a/histograms?kind=gradient&layer=*&limit=501; limit; a whole number from 1 to 500",
                "/runs/vgg-a/histograms?kind=gradient&layer=*&from=7&to=7; to; a whole number above from, which is 7",
                "/runs/vgg-a/export?table=all; table; one of iterations, layers, layer_samples, batch_norms,"
                        + " histograms, epochs, alerts",
                "/runs/vgg-a/export?format=xml; format; one of csv, json, jsonl, parquet, tensorboard",
                "/runs/vgg-a/export?format=parquet&table=layers; table; none, as parquet and tensorboard hold all"
                        + " tables",
                "/alerts?state=open; state; one of pending, firing, recovering, resolved",
                "/quarantine?cursor=!; cursor; the \"next\" of the page before",
            })
    void refusesWhatItDoesNotUnderstandAndSaysWhatIsAccepted(String path, String parameter, String accepted)
            throws Exception {
        HttpResponse<String> response = server.get(API + path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        JsonObject problem = problem(response);
        assertThat(problem.getString("title")).isEqualTo("Bad Request");
        assertThat(problem.getString("parameter")).isEqualTo(parameter);
        assertThat(problem.getString("accepted")).startsWith(accepted);
        assertThat(problem.getString("detail")).contains(parameter).contains("accepted is");
    }

    @ParameterizedTest
    @CsvSource({
        "/runs/x",
        "'/runs/compare?runs=vgg-a,x'",
        "/runs/x/superseded",
        "/runs/x/layers",
        "/runs/x/epochs",
        "/runs/x/series?metric=loss",
        "/runs/x/heatmap?metric=gradient.l2",
        "/runs/x/histograms?kind=gradient&layer=*",
        "/runs/x/export",
        "/runs/x/export?format=parquet",
        "/runs/x/export?format=tensorboard",
        "/runs/x/alerts"
    })
    void saysThatThereIsNoSuchRun(String path) throws Exception {
        HttpResponse<String> response = server.get(API + path);
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(problem(response).getString("parameter")).isEqualTo("run");
        assertThat(problem(response).getString("detail")).contains("\"x\"");
    }

    @Test
    void aRunGoesOutAsParquetAndComesBackUnderAnotherId() throws Exception {
        byte[] zip = server.bytes(API + "/runs/vgg-a/export?format=parquet").body();

        HttpResponse<String> twice = server.post(API + "/runs/import?name=a.zip", zip);
        assertThat(twice.statusCode()).isEqualTo(409);
        assertThat(problem(twice).getString("detail"))
                .contains("run vgg-a exists already")
                .contains("--as NEWID");
        byte[] cut = java.util.Arrays.copyOf(zip, 1_000);
        HttpResponse<String> damaged = server.post(API + "/runs/import?name=a.zip", cut);
        assertThat(damaged.statusCode()).isEqualTo(400);
        assertThat(problem(damaged).getString("detail")).contains("a.zip is not a zip file, or is damaged");

        HttpResponse<String> taken = server.post(API + "/runs/import?name=a.zip&as=copy", zip);
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(201);
        for (String table : List.of("iterations", "layers", "batch_norms", "histograms", "epochs", "layer_samples")) {
            assertThat(server.get(API + "/runs/copy/export?table=" + table).body())
                    .isEqualTo(server.get(API + "/runs/vgg-a/export?table=" + table)
                            .body());
        }
        assertThat(server.adopted).hasSize(1);
        JsonObject disk = server.json(API + "/runs/copy").getJsonObject("diskBytes");
        assertThat(disk.getLong("archive")).isPositive();
        assertThat(disk.getLong("history")).isPositive();
        assertThat(disk.getLong("total")).isEqualTo(disk.getLong("archive") + disk.getLong("history"));
        server.forgetImports();
    }

    @Test
    void aRunGoesOutAsAnEventFileAndItsScalarsComeBack() throws Exception {
        byte[] events =
                server.bytes(API + "/runs/vgg-a/export?format=tensorboard").body();
        HttpResponse<String> taken = server.post(API + "/runs/import?name=events&as=scalars", events);

        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(201);
        assertThat(new JsonObject(taken.body()).getJsonArray("notes").getString(0))
                .contains("a run has no place for it: ")
                .contains("gradient.");
        server.forgetImports();
    }

    @Test
    void exportsJsonLines() throws Exception {
        List<String> lines = server.get(API + "/runs/vgg-a/export?table=layers&format=jsonl")
                .body()
                .lines()
                .toList();
        JsonArray json = new JsonArray(
                server.get(API + "/runs/vgg-a/export?table=layers&format=json").body());
        assertThat(lines).hasSize(json.size());
        assertThat(new JsonObject(lines.get(0))).isEqualTo(json.getJsonObject(0));
    }

    @Test
    void aDeletionThatCannotBeWrittenToTheLogChangesNothing() throws Exception {
        HttpResponse<String> unknown = server.send("DELETE", API + "/runs/x");
        assertThat(unknown.statusCode()).isEqualTo(404);
        JsonObject running = server.items(API + "/runs?state=running").get(0);
        HttpResponse<String> refused = server.send("DELETE", API + "/runs/" + running.getString("id"));
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(problem(refused).getString("detail")).contains("is running; accepted is one that has ended");
    }

    @Test
    void answersUnknownPathsAndMethodsWithProblems() throws Exception {
        HttpResponse<String> nothing = server.get(API + "/nothing");
        assertThat(nothing.statusCode()).isEqualTo(404);
        assertThat(problem(nothing).getString("detail")).contains("/api/v1/nothing");
        HttpResponse<String> post = server.send("POST", API + "/runs");
        assertThat(post.statusCode()).isEqualTo(405);
        assertThat(problem(post).getString("accepted")).isEqualTo("GET");
        assertThat(server.get("/no-such-page.html").statusCode()).isEqualTo(404);
        assertThat(server.get(API + "/live").statusCode()).isIn(400, 426);
    }

    @Test
    void servesLibrariesForEverAndEverythingElseAfresh() throws Exception {
        HttpResponse<String> library = server.get("/webjars/echarts/5.5.0/echarts.esm.min.mjs");
        assertThat(library.statusCode()).isEqualTo(200);
        assertThat(library.headers().firstValue("Cache-Control")).contains("public, max-age=31536000, immutable");
        assertThat(library.headers().firstValue("Content-Type").orElse("")).startsWith("text/javascript");
        HttpResponse<String> runs = server.get(API + "/runs");
        assertThat(runs.headers().firstValue("Cache-Control")).contains("no-cache");
        assertThat(runs.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'self'");
        assertThat(server.get("/webjars/../../../openapi.yaml").statusCode()).isEqualTo(404);
        assertThat(server.get("/%2e%2e/%2e%2e/logback.xml").statusCode()).isEqualTo(404);
    }

    @Test
    void listsExactlyItsRoutesInOpenApi() throws Exception {
        String yaml = server.get(API + "/openapi.yaml").body();
        Matcher paths = Pattern.compile("(?m)^  (/\\S*):$").matcher(yaml);
        Set<String> documented = new TreeSet<>();
        while (paths.find()) {
            documented.add(paths.group(1));
        }
        assertThat(documented).containsExactlyInAnyOrderElementsOf(server.api.paths());
    }

    private List<String> ids(String path) throws Exception {
        return server.items(API + path).stream().map(r -> r.getString("id")).toList();
    }

    private static JsonObject problem(HttpResponse<String> response) {
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonObject problem = new JsonObject(response.body());
        @Nullable Integer status = problem.getInteger("status");
        assertThat(status).isEqualTo(response.statusCode());
        return problem;
    }

    @Test
    void recordsAreThoseOfTheLog() throws Exception {
        var first = server.bytes(API + "/runs/vgg-a/records?table=iterations&from=12");
        assertThat(first.headers().firstValue("Gradwatch-Next")).contains("268");
        var in = new ByteArrayInputStream(first.body());
        List<Envelope> envelopes = new ArrayList<>();
        for (Envelope e = Envelope.parseDelimitedFrom(in); e != null; e = Envelope.parseDelimitedFrom(in)) {
            envelopes.add(e);
        }
        assertThat(envelopes).hasSize(256);
        assertThat(envelopes.get(0).getIteration().getIteration()).isEqualTo(2);
        assertThat(envelopes.get(0).getIteration().getLayers().getMeanAbsList()).containsExactly(1e-9f, 2f);
        assertThat(envelopes.get(0).getRunId()).isEqualTo("vgg-a");
        assertThat(envelopes.get(0).getProducedAtMs()).isEqualTo(1_795_449_912_345L);
        var histograms = server.bytes(API + "/runs/vgg-a/records?table=histograms");
        assertThat(Envelope.parseDelimitedFrom(new ByteArrayInputStream(histograms.body()))
                        .getHistograms()
                        .getGradientsCount())
                .isEqualTo(2);
        assertThat(server.get(API + "/runs/vgg-a/records?table=luck").statusCode())
                .isEqualTo(400);
        assertThat(server.get(API + "/runs/nobody/records").statusCode()).isEqualTo(404);
    }
}
