package io.gradwatch.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.experiments.data.Augmentation;
import io.gradwatch.experiments.network.Preset;
import io.gradwatch.experiments.run.LearningRateSchedule;
import io.gradwatch.experiments.run.TrainingSettings;
import io.gradwatch.experiments.table1.Conditions;
import io.gradwatch.experiments.table1.Job;
import io.gradwatch.experiments.table1.Paces;
import io.gradwatch.experiments.table1.Row;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class Table1ProgressTest {
    private final StringWriter text = new StringWriter();
    private final Job job = job(0);
    private final Job next = job(1);
    private long nanos;

    @Test
    void tellsTheTimeLeftForTheRunAndForAllFromTheMeasuredPace() {
        Table1Progress progress = progress(false, 120);
        progress.begin(job, 3, 5, List.of(next, next), Paces.NONE);
        train(progress, 0, 70, 1_000_000_000L);

        assertThat(text.toString()
                        .lines()
                        .filter(line -> line.contains("epoch"))
                        .toList())
                .satisfiesExactly(
                        first -> assertThat(first)
                                .startsWith("run 3/5  epoch 1/2  1.0 %  loss 4.000  acc 25.0 %  left ~"),
                        second -> assertThat(second).endsWith("left ~1 min 09 s, all ~4 min 29 s"),
                        third -> assertThat(third).endsWith("left ~39 s, all ~3 min 59 s"));
        assertThat(progress.millisPerIteration()).hasValue(1000);
    }

    @Test
    void measuresOnlyWhatItTrainedItself() {
        Table1Progress progress = progress(false, 120);
        progress.begin(job, 1, 1, List.of(), Paces.NONE);
        train(progress, 60, 70, 500_000_000L);
        assertThat(progress.millisPerIteration()).isEmpty();

        train(progress, 70, 90, 500_000_000L);
        assertThat(progress.millisPerIteration()).hasValue(500);
    }

    @Test
    void forgetsThePaceOfTheRunBefore() {
        Table1Progress progress = progress(false, 120);
        progress.begin(job, 1, 2, List.of(next), Paces.NONE);
        train(progress, 0, 100, 1_000_000L);
        progress.begin(next, 2, 2, List.of(), Paces.NONE);

        assertThat(progress.millisPerIteration()).isEmpty();
    }

    @Test
    void keepsItsLineWithinTheTerminal() {
        Table1Progress progress = progress(true, 40);
        progress.begin(job, 1, 2, List.of(next), Paces.NONE);
        train(progress, 0, 3, 300_000_000L);

        String[] lines = text.toString().split("[\r\n]");
        assertThat(lines)
                .hasSizeGreaterThan(3)
                .allSatisfy(line -> assertThat(line.replace("\u001b[K", "")).hasSizeLessThan(45));
    }

    private Table1Progress progress(boolean interactive, int columns) {
        return new Table1Progress(new PrintWriter(text), interactive, columns, () -> nanos);
    }

    private void train(Table1Progress progress, int from, int to, long nanosPerStep) {
        for (int i = from + 1; i <= to; i++) {
            nanos += nanosPerStep;
            progress.iterationDone(i, 0, 4, 0.25, 0);
        }
    }

    private static Job job(long seed) {
        Row row = Row.all().get(0);
        TrainingSettings settings = new TrainingSettings(
                row.name(),
                Preset.named(row.name()).spec(),
                2,
                OptionalLong.empty(),
                row.batchSize(),
                row.learningRate(),
                LearningRateSchedule.COSINE,
                row.weightDecay(),
                seed,
                Augmentation.NONE,
                1);
        return new Job(row, new Conditions(2, "cifar-100", false, "", "f"), settings, 100);
    }
}
