package io.gradwatch.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradwatch.contract.Topic;
import io.gradwatch.contract.v1.Envelope;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trainer is killed, and its run goes on: as one run, with its attempts told apart. */
class ResumeIT {
    private static final String TRAINER = "io.gradwatch.experiments.Trainer";
    private static final int EPOCHS = 3;
    /** 5,000 generated images in batches of 100. */
    private static final int STEPS = 50;

    @TempDir
    Path home;

    @Test
    void aKilledRunGoesOnAsItsSecondAttemptAndEndsWithItsResult() throws Exception {
        try (Gradwatch up = Gradwatch.start(home, "up", "--port", "0")) {
            Api api = new Api(up.awaitUrl(Duration.ofSeconds(60)));
            try (Gradwatch training = Gradwatch.start(
                    home, "train", "vgg08", "--filters", "2", "--data", "synthetic", "--epochs", "" + EPOCHS)) {
                training.await(Pattern.compile("epoch 1/3 done"), Duration.ofSeconds(120));
                training.child(TRAINER).destroyForcibly();
                training.awaitExit(Duration.ofSeconds(30));
            }
            try (Gradwatch resumed = Gradwatch.start(home, "train", "--resume", "last")) {
                assertThat(resumed.awaitExit(Duration.ofSeconds(180)))
                        .as(resumed.output())
                        .isZero();
                assertThat(resumed.output())
                        .contains("attempt 2 goes on after iteration ")
                        .contains("result: best epoch");
            }

            await().atMost(Duration.ofSeconds(60))
                    .until(() ->
                            "finished".equals(api.runs().get(0).get("state").asText()));
            JsonNode run = api.runs().get(0);
            assertThat(api.runs()).hasSize(1);
            assertThat(run.get("attempt").asInt()).isEqualTo(2);
            List<Envelope> runs = Log.read(Log.bootstrap(home), Topic.RUNS);
            Envelope end = runs.get(runs.size() - 1);
            assertThat(end.getAttempt()).isEqualTo(2);
            assertThat(end.getRunEnded().getResult().hasTestAccuracy()).isTrue();
            assertThat(end.getRunEnded().getResult().hasValidationLoss()).isTrue();
            List<Long> second = iterations(2);
            long from = second.get(0);
            assertThat(from).isPositive().matches(first -> first % STEPS == 0, "the end of an epoch");
            assertThat(second)
                    .isEqualTo(LongStream.range(from, EPOCHS * STEPS).boxed().toList());
            List<Long> first = iterations(1);
            assertThat(first.get(0)).isZero();
            assertThat(first.get(first.size() - 1)).isGreaterThanOrEqualTo(from - 1);
        }
    }

    private List<Long> iterations(int attempt) throws IOException {
        return Log.read(Log.bootstrap(home), Topic.ITERATIONS).stream()
                .filter(record -> record.getAttempt() == attempt)
                .map(record -> record.getIteration().getIteration())
                .toList();
    }
}
