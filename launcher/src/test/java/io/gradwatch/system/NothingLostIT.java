package io.gradwatch.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills processes during a real training and counts afterwards. */
class NothingLostIT {
    private static final String BROKER = "io.gradwatch.launcher.BrokerProcess";
    private static final String SERVICE = "io.gradwatch.telemetry.TelemetryService";
    private static final int ITERATIONS = 600;

    @TempDir
    Path home;

    private Gradwatch train(int iterations) throws Exception {
        return Gradwatch.start(
                home, "train", "vgg08", "--data", "synthetic", "--batch", "8", "--iterations", "" + iterations);
    }

    private static long iterationOf(Api api) {
        try {
            JsonNode run = api.newestRun();
            return run == null || run.get("iteration").isNull()
                    ? -1
                    : run.get("iteration").asLong();
        } catch (Exception e) {
            return -1; // the service is down at the moment
        }
    }

    private static List<Long> exported(Api api, String runId) throws Exception {
        HttpResponse<String> csv = api.get("/api/v1/runs/" + runId + "/export?table=iterations&format=csv");
        assertThat(csv.statusCode()).isEqualTo(200);
        String[] lines = csv.body().split("\n");
        int column = List.of(lines[0].trim().split(",")).indexOf("iteration");
        List<Long> iterations = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            iterations.add(Long.parseLong(lines[i].split(",")[column]));
        }
        return iterations;
    }

    /** Returns when it is gone: until then it may still answer. */
    private static void kill(ProcessHandle child) {
        child.destroyForcibly();
        await().atMost(Duration.ofSeconds(10)).until(() -> !child.isAlive());
    }

    private static List<Long> all(int iterations) {
        return LongStream.range(0, iterations).boxed().toList();
    }

    @Test
    void noIterationIsMissingOrDoubleAfterTheServiceIsKilledTwice() throws Exception {
        try (Gradwatch up = Gradwatch.start(home, "up", "--port", "0")) {
            Api api = new Api(up.awaitUrl(Duration.ofSeconds(60)));
            try (Gradwatch training = train(ITERATIONS)) {
                await().atMost(Duration.ofSeconds(60)).until(() -> iterationOf(api) > 60);
                kill(up.child(SERVICE));
                long before = ITERATIONS / 4;
                await().atMost(Duration.ofSeconds(60)).until(() -> iterationOf(api) > before);
                kill(up.child(SERVICE));
                assertThat(training.awaitExit(Duration.ofSeconds(180)))
                        .as(training.output())
                        .isZero();
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> iterationOf(api) == ITERATIONS - 1);
            String runId = api.runs().get(0).get("id").asText();

            assertThat(Log.iterations(Log.bootstrap(home), runId)).isEqualTo(all(ITERATIONS));
            assertThat(exported(api, runId)).isEqualTo(all(ITERATIONS));
        }
    }

    @Test
    void trainingGoesOnWhileTheBrokerIsDownAndItsRecordsArriveAfterwards() throws Exception {
        try (Gradwatch up = Gradwatch.start(home, "up", "--port", "0")) {
            Api api = new Api(up.awaitUrl(Duration.ofSeconds(60)));
            try (Gradwatch training = train(ITERATIONS)) {
                await().atMost(Duration.ofSeconds(60)).until(() -> iterationOf(api) > 60);
                kill(up.child(BROKER));
                assertThat(training.awaitExit(Duration.ofSeconds(180)))
                        .as(training.output())
                        .isZero();
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() ->
                            "finished".equals(api.runs().get(0).get("state").asText()));
            JsonNode run = api.runs().get(0);
            String runId = run.get("id").asText();

            List<Long> log = Log.iterations(Log.bootstrap(home), runId);
            assertThat(new HashSet<>(log)).as("no iteration twice").hasSameSizeAs(log);
            assertThat(log.size() + run.get("dropped").asInt())
                    .as("arrived and counted as dropped")
                    .isEqualTo(ITERATIONS);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(exported(api, runId)).isEqualTo(log));
        }
    }

    @Test
    void aMalformedRecordIsKeptAsideAndIngestGoesOn() throws Exception {
        try (Gradwatch up = Gradwatch.start(home, "up", "--port", "0")) {
            Api api = new Api(up.awaitUrl(Duration.ofSeconds(60)));
            Log.sendMalformed(Log.bootstrap(home), "stray");
            try (Gradwatch training = train(20)) {
                assertThat(training.awaitExit(Duration.ofSeconds(60)))
                        .as(training.output())
                        .isZero();
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> iterationOf(api) == 19);

            JsonNode kept = api.json("/api/v1/quarantine").get("items");
            assertThat(kept).hasSize(1);
            assertThat(kept.get(0).get("key").asText()).isEqualTo("stray");
            assertThat(kept.get(0).get("reason").asText()).contains("Protobuf");
            assertThat(api.json("/api/v1/status").at("/ingest/malformed").asInt())
                    .isEqualTo(1);
        }
    }
}
