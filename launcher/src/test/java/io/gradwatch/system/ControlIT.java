package io.gradwatch.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradwatch.contract.Topic;
import io.gradwatch.contract.v1.Envelope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real training is told what to do, by the command line and over the API. */
class ControlIT {
    private static final String TRAINER = "io.gradwatch.experiments.Trainer";

    @TempDir
    Path home;

    private Gradwatch train(String... more) throws Exception {
        List<String> arguments = new java.util.ArrayList<>(List.of(
                "train", "vgg08", "--filters", "2", "--data", "synthetic", "--batch", "10", "--epochs", "1000"));
        arguments.addAll(List.of(more));
        return Gradwatch.start(home, arguments.toArray(String[]::new));
    }

    /** Runs a command to its end and gives what it said. */
    private String said(int expectedCode, String... arguments) throws Exception {
        try (Gradwatch command = Gradwatch.start(home, arguments)) {
            assertThat(command.awaitExit(Duration.ofSeconds(60)))
                    .as(command.output())
                    .isEqualTo(expectedCode);
            return command.output();
        }
    }

    private static String awaitRun(Api api, long iterations) {
        await().atMost(Duration.ofSeconds(90)).until(() -> {
            JsonNode run = api.newestRun();
            return run != null && run.path("iteration").asLong(-1) > iterations;
        });
        try {
            return api.runs().get(0).get("id").asText();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode run(Api api, String id) throws Exception {
        return api.json("/api/v1/runs/" + id);
    }

    @Test
    void aRunIsPausedResumedGivenAnotherLearningRateCheckpointedAndStopped() throws Exception {
        try (Gradwatch up = Gradwatch.start(home, "up", "--port", "0")) {
            Api api = new Api(up.awaitUrl(Duration.ofSeconds(60)));
            try (Gradwatch training = train()) {
                String id = awaitRun(api, 20);

                assertThat(said(0, "runs", "pause", id)).contains("applied at iteration ");
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> run(api, id).get("state").asText().equals("paused"));
                long standing = run(api, id).get("iteration").asLong();
                Thread.sleep(2_000);
                assertThat(run(api, id).get("iteration").asLong()).isEqualTo(standing);
                assertThat(said(1, "runs", "pause", id)).contains("refused: training is paused already");

                assertThat(said(0, "runs", "lr", id, "0.0005")).contains("learning rate 0.001 → 0.0005");
                JsonNode checkpoint = told(api, id, "checkpoint");
                assertThat(checkpoint.get("answer").asText()).endsWith("iteration-" + (standing + 1) + ".zip");
                assertThat(home.resolve("checkpoints").resolve(id).resolve("iteration-" + (standing + 1) + ".zip"))
                        .exists();

                assertThat(told(api, id, "resume").get("iteration").asLong()).isEqualTo(standing);
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> run(api, id).get("iteration").asLong() > standing + 5);
                assertThat(run(api, id).get("state").asText()).isEqualTo("running");
                assertThat(run(api, id).get("learningRate").asDouble()).isEqualTo(0.0005);
                assertThat(said(2, "runs", "lr", id, "-1")).contains("accepted is a number above 0");

                assertThat(said(0, "runs", "stop", id, "--reason", "the test is over"))
                        .contains("applied at iteration ");
                assertThat(training.awaitExit(Duration.ofSeconds(60)))
                        .as(training.output())
                        .isZero();
                assertThat(training.output())
                        .contains("pause by ./gradwatch runs took effect after iteration " + standing)
                        .contains("stopped by ./gradwatch runs (the test is over)");
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> run(api, id).get("state").asText().equals("stopped"));
                assertThat(said(2, "runs", "resume", id)).contains("has ended (stopped)");

                JsonNode commands = api.json("/api/v1/runs/" + id + "/commands").get("items");
                assertThat(commands.findValuesAsText("action"))
                        .containsExactly("stop", "resume", "checkpoint", "learning_rate", "pause", "pause");
                assertThat(commands.findValuesAsText("state"))
                        .containsExactly("applied", "applied", "applied", "applied", "refused", "applied");
                List<Float> rates = Log.read(Log.bootstrap(home), Topic.ITERATIONS).stream()
                        .filter(Envelope::hasIteration)
                        .filter(e -> e.getIteration().getIteration() > standing)
                        .map(e -> e.getIteration().getLearningRate())
                        .toList();
                assertThat(rates).isNotEmpty().containsOnly(0.0005f);
            }
        }
    }

    @Test
    void aPausedTrainingEndsAtOnceOnCtrlCAndADeadOneLetsItsCommandsTimeOut() throws Exception {
        try (Gradwatch up = Gradwatch.start(home, "up", "--port", "0")) {
            Api api = new Api(up.awaitUrl(Duration.ofSeconds(60)));
            try (Gradwatch training = train()) {
                String id = awaitRun(api, 5);
                told(api, id, "pause");
                long asked = System.nanoTime();
                training.interrupt();
                assertThat(training.awaitExit(Duration.ofSeconds(20)))
                        .as(training.output())
                        .isZero();
                assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(8));
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> run(api, id).get("state").asText().equals("stopped"));
            }
            try (Gradwatch training = train("--name", "doomed")) {
                await().atMost(Duration.ofSeconds(90))
                        .until(() -> api.runs().size() == 2
                                && api.runs().get(0).path("iteration").asLong(-1) > 5);
                String id = api.runs().get(0).get("id").asText();
                training.child(TRAINER).destroyForcibly();
                training.awaitExit(Duration.ofSeconds(30));
                assertThat(said(1, "runs", "stop", id, "--timeout", "3"))
                        .contains("timed out after 3 s: the trainer did not answer; is it alive?");
                JsonNode command = api.json("/api/v1/runs/" + id + "/commands")
                        .get("items")
                        .get(0);
                assertThat(command.get("state").asText()).isEqualTo("timed out");
            }
        }
    }

    @Test
    void aRuleStopsItsRunOrOnlySaysThatItWouldHave() throws Exception {
        Files.createDirectories(home);
        Files.writeString(
                home.resolve("actions.properties"),
                "vanish-floor.critical = stop\nvanish-depth = dry-run learning_rate x 0.1\n");
        try (Gradwatch up = Gradwatch.start(home, "up", "--port", "0")) {
            Api api = new Api(up.awaitUrl(Duration.ofSeconds(60)));
            try (Gradwatch training =
                    Gradwatch.start(home, "train", "vgg38", "--filters", "2", "--data", "synthetic", "--batch", "4")) {
                assertThat(training.awaitExit(Duration.ofSeconds(120)))
                        .as(training.output())
                        .isZero();
                assertThat(training.output()).contains("stopped by rule vanish-floor");
            }
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> api.runs().get(0).get("state").asText().equals("stopped"));
            JsonNode run = api.runs().get(0);
            assertThat(run.get("iteration").asLong()).isBetween(15L, 300L);
            JsonNode stop = api.json("/api/v1/runs/" + run.get("id").asText() + "/commands")
                    .get("items")
                    .get(0);
            assertThat(stop.get("issuedBy").asText()).isEqualTo("rule vanish-floor");
            assertThat(stop.get("state").asText()).isEqualTo("applied");
        }
    }

    @Test
    void theLauncherTrainsTheCuredTwinBesideARun() throws Exception {
        try (Gradwatch up = Gradwatch.start(home, "up", "--port", "0")) {
            Api api = new Api(up.awaitUrl(Duration.ofSeconds(60)));
            try (Gradwatch training = train("--seed", "7")) {
                String id = awaitRun(api, 5);
                assertThat(api.json("/api/v1/runs/" + id + "/twin")
                                .get("launcher")
                                .asBoolean())
                        .isTrue();
                String command =
                        api.post("/api/v1/runs/" + id + "/twin", "").get("id").asText();
                await().atMost(Duration.ofSeconds(60)).until(() -> answered(api, id, command));
                JsonNode answer = api.json("/api/v1/runs/" + id + "/commands")
                        .get("items")
                        .get(0);
                assertThat(answer.get("state").asText()).as(answer.toString()).isEqualTo("applied");
                String twin = answer.get("startedRunId").asText();
                assertThat(twin).contains("vgg08-bn-resnet");
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> api.get("/api/v1/runs/" + twin).statusCode() == 200
                                && run(api, twin).path("iteration").asLong(-1) > 3);
                JsonNode configuration = run(api, twin).get("configuration");
                assertThat(configuration.get("seed").asText()).isEqualTo("7");
                assertThat(configuration.get("bn").asText()).isEqualTo("before");
                assertThat(configuration.get("skip").asText()).isEqualTo("conv");
                assertThat(run(api, twin).get("batchNorms").asInt()).isPositive();
            }
            List<ProcessHandle> children = up.descendants();
            up.interrupt();
            assertThat(up.awaitExit(Duration.ofSeconds(60))).as(up.output()).isZero();
            await().atMost(Duration.ofSeconds(5)).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    /** Tells the trainer something over the API and waits for its answer. */
    private static JsonNode told(Api api, String id, String action) throws Exception {
        String command = api.post("/api/v1/runs/" + id + "/commands", "{\"action\":\"" + action + "\"}")
                .get("id")
                .asText();
        await().atMost(Duration.ofSeconds(30)).until(() -> answered(api, id, command));
        JsonNode newest =
                api.json("/api/v1/runs/" + id + "/commands").get("items").get(0);
        assertThat(newest.get("state").asText()).as(newest.toString()).isEqualTo("applied");
        return newest;
    }

    private static boolean answered(Api api, String id, String command) throws Exception {
        for (JsonNode one : api.json("/api/v1/runs/" + id + "/commands").get("items")) {
            if (one.get("id").asText().equals(command)) {
                return !one.get("answeredAt").isNull();
            }
        }
        return false;
    }
}
