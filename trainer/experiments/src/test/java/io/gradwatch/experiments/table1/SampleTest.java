package io.gradwatch.experiments.table1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SampleTest {
    @Test
    void hasTheSampleStandardDeviation() {
        Sample sample = Sample.of(List.of(2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0));

        assertThat(sample.mean()).isEqualTo(5);
        assertThat(sample.deviation().getAsDouble()).isCloseTo(Math.sqrt(32.0 / 7), within(1e-12));
    }

    @Test
    void hasNoDeviationForOneFigureAndNoMeanForNone() {
        assertThat(Sample.of(List.of(49.95)).deviation()).isEmpty();
        assertThat(Sample.of(List.of(49.95)).mean()).isEqualTo(49.95);
        assertThat(Sample.of(List.of()).count()).isZero();
        assertThat(Sample.of(List.of()).mean()).isNaN();
        assertThat(Sample.of(List.of()).deviation()).isEmpty();
    }

    @Test
    void hasADeviationOfZeroForEqualFigures() {
        assertThat(Sample.of(Collections.nCopies(7, 0.1)).deviation().getAsDouble())
                .isZero();
    }

    @RepeatedTest(200)
    void agreesWithTheTwoPassFormulaWhateverTheFigures(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        double offset = Math.pow(10, random.nextInt(8)) * (random.nextBoolean() ? 1 : -1);
        double spread = Math.pow(10, random.nextInt(7) - 3);
        List<Double> figures = new ArrayList<>();
        int count = 2 + random.nextInt(40);
        for (int i = 0; i < count; i++) {
            figures.add(offset + spread * random.nextGaussian());
        }

        Sample sample = Sample.of(figures);

        double mean = figures.stream().mapToDouble(x -> x).sum() / count;
        double squares =
                figures.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
        double deviation = Math.sqrt(squares / (count - 1));
        assertThat(sample.count()).isEqualTo(count);
        assertThat(sample.mean()).isCloseTo(mean, within(1e-12 * Math.abs(offset) + 1e-12 * spread));
        assertThat(sample.deviation().getAsDouble())
                .isCloseTo(deviation, within(1e-9 * deviation + 1e-12 * Math.abs(offset)));
    }

    @RepeatedTest(50)
    void doesNotDependOnTheOrder(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<Double> figures = new ArrayList<>(
                random.doubles(2 + random.nextInt(10), 0, 100).boxed().toList());
        Sample before = Sample.of(figures);
        Collections.shuffle(figures, random);
        Sample after = Sample.of(figures);

        assertThat(after.mean()).isCloseTo(before.mean(), within(1e-10));
        assertThat(after.deviation().getAsDouble()).isCloseTo(before.deviation().getAsDouble(), within(1e-10));
    }
}
