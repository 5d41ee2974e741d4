package io.gradwatch.listener.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.Histogram;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MagnitudesTest {
    private final Magnitudes magnitudes = new Magnitudes();

    @Test
    void putsTheEdgesOfEveryBinIntoIt() {
        for (int bin = 0; bin < 64; bin++) {
            double low = Math.pow(4, bin - 51);
            float[] inside = {(float) low, -(float) low, Math.nextDown((float) (4 * low)), (float) (2 * low)};
            assertThat(of(inside, 1)).isEqualTo(single(bin, 4));
            double[] insideToo = {low, Math.nextDown(4 * low)};
            magnitudes.reset();
            magnitudes.add(insideToo, 2, 1);
            assertThat(magnitudes.histogram()).isEqualTo(single(bin, 2));
        }
    }

    @Test
    void countsWhatIsInNoBin() {
        float first = (float) Math.pow(4, -51);
        float beyond = (float) Math.pow(4, 13);
        float[] a = {
            0,
            -0f,
            Math.nextDown(first),
            Float.MIN_VALUE,
            -Float.MIN_NORMAL,
            beyond,
            -Float.MAX_VALUE,
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            1
        };
        Histogram expected = Histogram.newBuilder()
                .setFirstBin(51)
                .addCounts(1)
                .setZeros(2)
                .setBelow(3)
                .setAbove(2)
                .setNotFinite(3)
                .build();
        assertThat(of(a, 1)).isEqualTo(expected);
        double[] doubles = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            doubles[i] = a[i];
        }
        magnitudes.reset();
        magnitudes.add(doubles, doubles.length, 1);
        assertThat(magnitudes.histogram()).isEqualTo(expected);
    }

    @Test
    void dividesFirst() {
        assertThat(of(new float[] {4, 12, 15.9f, 16, 0}, 4))
                .isEqualTo(Histogram.newBuilder()
                        .setFirstBin(51)
                        .addCounts(3)
                        .addCounts(1)
                        .setZeros(1)
                        .build());
    }

    @Test
    void agreesWithLogarithmsWhereverTheyAreExactEnough() {
        Random random = new Random(5);
        float[] a = new float[20_000];
        long[] expected = new long[64];
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(30) - 25));
            expected[(int) Math.floor(Math.log(Math.abs((double) a[i])) / Math.log(4) + 51)]++;
        }
        Histogram histogram = of(a, 1);
        long[] actual = new long[64];
        for (int i = 0; i < histogram.getCountsCount(); i++) {
            actual[histogram.getFirstBin() + i] = histogram.getCounts(i);
        }
        assertThat(actual).isEqualTo(expected);
        assertThat(histogram.getCounts(0)).isPositive();
        assertThat(histogram.getCounts(histogram.getCountsCount() - 1)).isPositive();
    }

    @Test
    void isEmptyWithoutElements() {
        assertThat(of(new float[0], 1)).isEqualTo(Histogram.getDefaultInstance());
    }

    private Histogram of(float[] a, float divisor) {
        magnitudes.reset();
        magnitudes.add(a, a.length, divisor);
        return magnitudes.histogram();
    }

    private static Histogram single(int bin, int count) {
        return Histogram.newBuilder().setFirstBin(bin).addCounts(count).build();
    }
}
