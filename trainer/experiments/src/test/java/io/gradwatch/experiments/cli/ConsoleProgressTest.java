package io.gradwatch.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.experiments.run.EpochSummary;
import io.gradwatch.experiments.run.RunOutcome;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {
    private final StringWriter text = new StringWriter();
    private long nanos;

    @Test
    void printsAPlainLineForTheFirstStepAndThenEveryTenSeconds() {
        ConsoleProgress progress = progress(false);
        for (int i = 1; i <= 50; i++) {
            nanos += 500_000_000L;
            progress.iterationDone(i, 0, 4, 0.25, 0);
        }

        assertThat(text.toString().lines())
                .containsExactly(
                        "epoch 1/3  iteration 1/1425  loss 4.000  acc 25.0 %",
                        "epoch 1/3  iteration 21/1425  loss 4.000  acc 25.0 %  2.0 it/s  left 11:42",
                        "epoch 1/3  iteration 41/1425  loss 4.000  acc 25.0 %  2.0 it/s  left 11:32");
    }

    @Test
    void rewritesOneLineOnATerminal() {
        ConsoleProgress progress = progress(true);
        for (int i = 1; i <= 4; i++) {
            nanos += 250_000_000L;
            progress.iterationDone(i, 0, 4, 0.25, 0);
        }

        assertThat(text.toString()).doesNotContain("\n").startsWith("\repoch 1/3  iteration 1/1425");
        assertThat(text.toString().split("\r")).hasSize(5);
    }

    @Test
    void tellsWhenTelemetryWasDropped() {
        progress(false).iterationDone(1, 0, 4, 0.25, 17);

        assertThat(text.toString()).contains("telemetry dropped 17");
    }

    @Test
    void tellsEachEpochWithItsValidation() {
        progress(true)
                .epochEnded(new EpochSummary(
                        1,
                        949,
                        4.12345,
                        0.0712,
                        OptionalDouble.of(3.9),
                        OptionalDouble.of(0.081),
                        0.00075,
                        Duration.ofSeconds(61),
                        0.004));

        assertThat(text.toString())
                .isEqualTo("epoch 2/3 done in 1:01  train loss 4.1235 acc 7.12 %"
                        + "  validation loss 3.9000 acc 8.10 %  lr 0.000750  waited for data 0.4 %"
                        + System.lineSeparator());
    }

    @Test
    void tellsHowARunEnded() {
        progress(false).ended(new RunOutcome.Stopped("stopped with Ctrl-C"), 12, "telemetry: none");

        assertThat(text.toString()).startsWith("run stopped after 12 iterations: stopped with Ctrl-C; telemetry: none");
    }

    @Test
    void showsANewLossSoonAfterItChanged() {
        ConsoleProgress progress = progress(false);
        for (int i = 1; i <= 100; i++) {
            progress.iterationDone(i, 0, 4, 0, 0);
        }
        for (int i = 101; i <= 180; i++) {
            nanos += 130_000_000L;
            progress.iterationDone(i, 0, Double.NaN, 0, 0);
        }

        assertThat(text.toString()).contains("loss NaN");
    }

    private ConsoleProgress progress(boolean interactive) {
        return new ConsoleProgress(new PrintWriter(text), interactive, 3, 1425, () -> nanos);
    }
}
