package io.gradwatch.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomnessTest {
    @Test
    void isTheSameForTheSameNameAndAnotherForAnotherName() {
        assertThat(new Randomness(1, 2).nextLong()).isEqualTo(new Randomness(1, 2).nextLong());
        assertThat(new Randomness(1, 2).nextLong()).isNotEqualTo(new Randomness(2, 1).nextLong());
        assertThat(new Randomness(1, 2).nextLong()).isNotEqualTo(new Randomness(1, 3).nextLong());
    }

    @Test
    void drawsNormalNumbersOfMeanZeroAndVarianceOne() {
        Randomness random = new Randomness(7);
        int n = 1_000_000;
        double sum = 0;
        double squares = 0;
        double fourths = 0;
        int withinOne = 0;
        for (int i = 0; i < n; i++) {
            double x = random.nextNormal();
            sum += x;
            squares += x * x;
            fourths += x * x * x * x;
            withinOne += Math.abs(x) <= 1 ? 1 : 0;
        }
        assertThat(sum / n).isCloseTo(0, within(0.005));
        assertThat(squares / n).isCloseTo(1, within(0.005));
        assertThat(fourths / n).isCloseTo(3, within(0.2));
        assertThat((double) withinOne / n).isCloseTo(0.6827, within(0.01));
    }

    @Test
    void drawsEveryWholeNumberBelowTheBoundEquallyOften() {
        Randomness random = new Randomness(8);
        int[] counts = new int[9];
        for (int i = 0; i < 90_000; i++) {
            counts[random.nextInt(9)]++;
        }
        assertThat(IntStream.of(counts).min().getAsInt()).isGreaterThan(9_600);
        assertThat(IntStream.of(counts).max().getAsInt()).isLessThan(10_400);
    }

    @Test
    void shufflesWithoutLoss() {
        int[] values = IntStream.range(0, 1000).toArray();

        new Randomness(9).shuffle(values);

        assertThat(values).isNotEqualTo(IntStream.range(0, 1000).toArray());
        assertThat(IntStream.of(values).sorted().toArray())
                .isEqualTo(IntStream.range(0, 1000).toArray());
    }
}
