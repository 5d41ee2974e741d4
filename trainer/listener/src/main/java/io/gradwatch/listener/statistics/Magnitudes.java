package io.gradwatch.listener.statistics;

import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Histogram;
import java.util.Arrays;

/**
 * Counts elements by the size of their absolute value, in the wire format's bins of a factor of 4. Reused: {@link #reset}
 * first.
 *
 * <p>A bin is two neighbouring binary exponents, so an element's bin is read from its bits, exactly and without a
 * logarithm. Elements are counted by exponent first; {@link #histogram} joins the exponents.
 */
final class Magnitudes {
    private static final int FLOAT_EXPONENTS = 256;
    private static final int DOUBLE_EXPONENTS = 2048;
    private static final int FLOAT_BIAS = 127;
    private static final int DOUBLE_BIAS = 1023;
    /** Exponent of 2 of the first bin's lower edge, 4^-51. */
    private static final int FIRST = -102;

    // four tables, because neighbours are often alike, and adding twice to the same place means waiting
    private final int[] floats = new int[4 * FLOAT_EXPONENTS];
    private final int[] doubles = new int[DOUBLE_EXPONENTS];
    private final long[] counts = new long[WireFormat.HISTOGRAM_BINS];
    private long zeros;
    private long below;
    private long above;
    private long notFinite;

    void reset() {
        Arrays.fill(counts, 0);
        zeros = 0;
        below = 0;
        above = 0;
        notFinite = 0;
    }

    /** Adds the first {@code count} elements, each divided by {@code divisor}. */
    void add(float[] a, int count, float divisor) {
        Arrays.fill(floats, 0);
        int zero = 0;
        for (int i = 0; i < count; i++) {
            int bits = Float.floatToRawIntBits(a[i] / divisor) & 0x7fffffff;
            floats[(i & 3) << 8 | bits >>> 23]++;
            zero += (bits - 1) >>> 31;
        }
        for (int e = 0; e < FLOAT_EXPONENTS; e++) {
            int n = floats[e] + floats[FLOAT_EXPONENTS + e] + floats[2 * FLOAT_EXPONENTS + e];
            place(e, FLOAT_BIAS, FLOAT_EXPONENTS - 1, n + floats[3 * FLOAT_EXPONENTS + e]);
        }
        zeros += zero;
        below -= zero;
    }

    /** Adds the first {@code count} elements, each divided by {@code divisor}. */
    void add(double[] a, int count, double divisor) {
        Arrays.fill(doubles, 0);
        int zero = 0;
        for (int i = 0; i < count; i++) {
            long bits = Double.doubleToRawLongBits(a[i] / divisor) & Long.MAX_VALUE;
            doubles[(int) (bits >>> 52)]++;
            zero += bits == 0 ? 1 : 0;
        }
        for (int e = 0; e < DOUBLE_EXPONENTS; e++) {
            place(e, DOUBLE_BIAS, DOUBLE_EXPONENTS - 1, doubles[e]);
        }
        zeros += zero;
        below -= zero;
    }

    /** Zeros have the smallest exponent, too: they come here as below the first bin. */
    private void place(int exponent, int bias, int notANumber, int n) {
        if (n == 0) {
            return;
        }
        int offset = exponent - bias - FIRST;
        if (exponent == notANumber) {
            notFinite += n;
        } else if (offset < 0) {
            below += n;
        } else if (offset >>> 1 >= counts.length) {
            above += n;
        } else {
            counts[offset >>> 1] += n;
        }
    }

    /** What was added, without the empty bins at both ends. */
    Histogram histogram() {
        int first = 0;
        int end = counts.length;
        while (first < end && counts[first] == 0) {
            first++;
        }
        while (end > first && counts[end - 1] == 0) {
            end--;
        }
        Histogram.Builder histogram = Histogram.newBuilder()
                .setFirstBin(first == end ? 0 : first)
                .setZeros(zeros)
                .setBelow(below)
                .setAbove(above)
                .setNotFinite(notFinite);
        for (int b = first; b < end; b++) {
            histogram.addCounts(counts[b]);
        }
        return histogram.build();
    }
}
