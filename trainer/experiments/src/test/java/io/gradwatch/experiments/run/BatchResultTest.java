package io.gradwatch.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BatchResultTest {
    @Test
    void sumsTheCrossEntropyAndCountsTheCorrectImages() {
        float[] logits = {2, 1, 0, 0, 0, 3};
        float[] labels = {1, 0, 0, 0, 1, 0};

        BatchResult result = BatchResult.of(logits, labels, 2);

        double first = Math.log(1 + Math.exp(-1) + Math.exp(-2));
        double second = Math.log(2 + Math.exp(3));
        assertThat(result.images()).isEqualTo(2);
        assertThat(result.loss()).isCloseTo(first + second, within(1e-9));
        assertThat(result.meanLoss()).isCloseTo((first + second) / 2, within(1e-9));
        assertThat(result.accuracy()).isEqualTo(0.5);
    }

    @Test
    void staysFiniteForLargeLogits() {
        BatchResult result = BatchResult.of(new float[] {1000, -1000}, new float[] {0, 1}, 1);

        assertThat(result.loss()).isEqualTo(2000);
    }

    @Test
    void countsATieAsWrong() {
        assertThat(BatchResult.of(new float[4], new float[] {0, 1, 0, 0}, 1).correct())
                .isZero();
    }

    @Test
    void letsNaNThroughAndCountsItAsWrong() {
        BatchResult result = BatchResult.of(new float[] {Float.NaN, 1}, new float[] {1, 0}, 1);

        assertThat(result.loss()).isNaN();
        assertThat(result.correct()).isZero();
    }

    @Test
    void weighsImagesNotBatches() {
        BatchResult sum = new BatchResult(3, 6, 3).plus(new BatchResult(1, 6, 0));

        assertThat(sum.meanLoss()).isEqualTo(3);
        assertThat(sum.accuracy()).isEqualTo(0.75);
    }

    @Test
    void refusesLabelsThatAreNotOneHot() {
        assertThatThrownBy(() -> BatchResult.of(new float[2], new float[2], 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one-hot");
    }
}
