package io.gradwatch.listener.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MomentsTest {
    private final Moments moments = new Moments();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 100, 256, 1_001, 16_384})
    void agreesWithTheDefinitionForAnyLength(int n) {
        Random random = new Random(n);
        float[] a = new float[n + 3]; // what lies beyond the count must not be read
        double sum = 0;
        double squares = 0;
        double max = 0;
        int zeros = 0;
        for (int i = 0; i < a.length; i++) {
            a[i] = i % 5 == 4
                    ? (i % 2 == 0 ? -0f : 0f)
                    : (float) (random.nextGaussian() * Math.pow(10, -30 * random.nextDouble()));
            if (i < n) {
                sum += Math.abs((double) a[i]);
                squares += (double) a[i] * a[i];
                max = Math.max(max, Math.abs((double) a[i]));
                zeros += a[i] == 0 ? 1 : 0;
            }
        }
        moments.add(a, n);
        // the result is published in single precision, which ends at 6e-8
        assertThat(moments.meanAbs()).isCloseTo(sum / n, within(1e-7 * sum / n));
        assertThat(moments.l2()).isCloseTo(Math.sqrt(squares), within(1e-7 * Math.sqrt(squares)));
        assertThat(new SquareSum().of(a, n)).isCloseTo(squares, within(2e-7 * squares));
        assertThat(moments.maxAbs()).isEqualTo(max);
        assertThat(moments.zeroFraction()).isEqualTo((double) zeros / n);
        assertThat(moments.nans()).isZero();
        assertThat(moments.infinities()).isZero();
    }

    @Test
    void keepsGradientsWhoseSquaresAreBelowSinglePrecision() {
        float[] tiny = {1e-30f, -1e-30f, Float.MIN_VALUE, 0};
        moments.add(tiny, 4);
        assertThat(moments.l2()).isCloseTo(Math.sqrt(2) * 1e-30, within(1e-36));
        assertThat(moments.zeroFraction()).isEqualTo(0.25);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-42, 1e-30, 1e-22, 1e-17, 1e-12, 1, 1e17, 1e30})
    void takesAnyScale(double scale) {
        Random random = new Random(3);
        float[] a = new float[5_000];
        double squares = 0;
        int zeros = 0;
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) (random.nextGaussian() * scale);
            squares += (double) a[i] * a[i];
            zeros += a[i] == 0 ? 1 : 0;
        }
        moments.add(a, a.length);
        assertThat(moments.l2()).isCloseTo(Math.sqrt(squares), within(1e-7 * Math.sqrt(squares)));
        assertThat(moments.zeroFraction()).isEqualTo(zeros / 5_000.0);
        assertThat(new SquareSum().of(a, a.length)).isCloseTo(squares, within(2e-7 * squares));
    }

    @Test
    void countsOneByOneWhereALongPieceIsNotFinite() {
        float[] a = new float[2_000];
        java.util.Arrays.fill(a, -2);
        a[700] = Float.NaN;
        a[1_900] = Float.NEGATIVE_INFINITY;
        a[3] = 0;
        moments.add(a, a.length);
        assertThat(moments.nans()).isEqualTo(1);
        assertThat(moments.infinities()).isEqualTo(1);
        assertThat(moments.meanAbs()).isEqualTo(2.0 * 1_997 / 1_998);
        assertThat(moments.maxAbs()).isEqualTo(2);
        assertThat(moments.zeroFraction()).isEqualTo(1.0 / 1_998);
        assertThat(new SquareSum().of(a, a.length)).isNaN();
    }

    @Test
    void leavesOutAndCountsWhatIsNotFinite() {
        float nan = Float.NaN;
        float inf = Float.POSITIVE_INFINITY;
        moments.add(new float[] {3, nan, -4, inf, 0, -inf, nan, nan}, 8);
        assertThat(moments.meanAbs()).isEqualTo(7.0 / 3);
        assertThat(moments.l2()).isEqualTo(5);
        assertThat(moments.maxAbs()).isEqualTo(4);
        assertThat(moments.zeroFraction()).isEqualTo(1.0 / 3);
        assertThat(moments.nans()).isEqualTo(3);
        assertThat(moments.infinities()).isEqualTo(2);
    }

    @Test
    void isNanWhereNothingIsFinite() {
        moments.add(new float[] {Float.NaN, Float.NEGATIVE_INFINITY}, 2);
        assertThat(moments.meanAbs()).isNaN();
        assertThat(moments.l2()).isNaN();
        assertThat(moments.maxAbs()).isNaN();
        assertThat(moments.zeroFraction()).isNaN();
    }

    @Test
    void addsPiecesAndForgetsThemOnReset() {
        moments.add(new float[] {1, 2, 3, 4, 5}, 5);
        moments.add(new float[] {Float.NaN, 6}, 2);
        moments.add(new double[] {1e-60, Double.POSITIVE_INFINITY, 0}, 3);
        assertThat(moments.meanAbs()).isEqualTo(21.0 / 8);
        assertThat(moments.zeroFraction()).isEqualTo(1.0 / 8);
        assertThat(moments.nans()).isEqualTo(1);
        assertThat(moments.infinities()).isEqualTo(1);
        moments.reset();
        moments.add(new float[] {2}, 1);
        assertThat(moments.meanAbs()).isEqualTo(2);
        assertThat(moments.nans()).isZero();
    }

    @Test
    void squareSumsLetNanThrough() {
        assertThat(new SquareSum().of(new float[] {1, 2, 3, 4, 5, 100}, 5)).isEqualTo(55);
        assertThat(new SquareSum().of(new double[] {1, 2, 3, 100}, 3)).isEqualTo(14);
        assertThat(new SquareSum().of(new float[] {1, Float.NaN}, 2)).isNaN();
    }
}
