package io.gradwatch.listener.statistics;

/**
 * Sums over the elements of one layer: absolute values, squares, largest, zeros, NaN and infinities. Sums are in double
 * precision and leave out what is not finite. Reused: {@link #reset} first.
 */
final class Moments {
    private static final int MAGNITUDE = 0x7fffffff;
    private static final int NOT_FINITE = 0x7f800000;

    private long finite;
    private long zeros;
    private long nans;
    private long infinities;
    private double sum;
    private double squares;
    private double max;

    void reset() {
        finite = 0;
        zeros = 0;
        nans = 0;
        infinities = 0;
        sum = 0;
        squares = 0;
        max = 0;
    }

    /** Adds the first {@code count} elements. Four independent sums keep the processor's adders busy. */
    void add(float[] a, int count) {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        double q0 = 0, q1 = 0, q2 = 0, q3 = 0;
        int m0 = 0, m1 = 0, m2 = 0, m3 = 0;
        int zero = 0;
        int i = 0;
        for (; i <= count - 4; i += 4) {
            int b0 = Float.floatToRawIntBits(a[i]) & MAGNITUDE;
            int b1 = Float.floatToRawIntBits(a[i + 1]) & MAGNITUDE;
            int b2 = Float.floatToRawIntBits(a[i + 2]) & MAGNITUDE;
            int b3 = Float.floatToRawIntBits(a[i + 3]) & MAGNITUDE;
            double d0 = Float.intBitsToFloat(b0);
            double d1 = Float.intBitsToFloat(b1);
            double d2 = Float.intBitsToFloat(b2);
            double d3 = Float.intBitsToFloat(b3);
            s0 += d0;
            s1 += d1;
            s2 += d2;
            s3 += d3;
            q0 += d0 * d0;
            q1 += d1 * d1;
            q2 += d2 * d2;
            q3 += d3 * d3;
            m0 = Math.max(m0, b0);
            m1 = Math.max(m1, b1);
            m2 = Math.max(m2, b2);
            m3 = Math.max(m3, b3);
            // (b - 1) has its top bit set only for b = 0
            zero += ((b0 - 1) >>> 31) + ((b1 - 1) >>> 31) + ((b2 - 1) >>> 31) + ((b3 - 1) >>> 31);
        }
        for (; i < count; i++) {
            int b = Float.floatToRawIntBits(a[i]) & MAGNITUDE;
            double d = Float.intBitsToFloat(b);
            s0 += d;
            q0 += d * d;
            m0 = Math.max(m0, b);
            zero += (b - 1) >>> 31;
        }
        int largest = Math.max(Math.max(m0, m1), Math.max(m2, m3));
        if (largest >= NOT_FINITE) {
            for (int k = 0; k < count; k++) {
                addOne(a[k]);
            }
            return;
        }
        finite += count;
        zeros += zero;
        sum += (s0 + s1) + (s2 + s3);
        squares += (q0 + q1) + (q2 + q3);
        max = Math.max(max, Float.intBitsToFloat(largest));
    }

    /** Adds the first {@code count} elements. */
    void add(double[] a, int count) {
        for (int i = 0; i < count; i++) {
            addOne(a[i]);
        }
    }

    private void addOne(double value) {
        double d = Math.abs(value);
        if (d <= Double.MAX_VALUE) {
            finite++;
            sum += d;
            squares += d * d;
            max = Math.max(max, d);
            if (d == 0) {
                zeros++;
            }
        } else if (Double.isNaN(d)) {
            nans++;
        } else {
            infinities++;
        }
    }

    /** Adds what was summed up elsewhere; {@code count} elements were finite, and {@code zeroCount} of them zero. */
    void merge(
            long count,
            long zeroCount,
            long nanCount,
            long infinityCount,
            double absoluteSum,
            double squareSum,
            double largest) {
        finite += count;
        zeros += zeroCount;
        nans += nanCount;
        infinities += infinityCount;
        sum += absoluteSum;
        squares += squareSum;
        max = Math.max(max, largest);
    }

    /** Mean absolute value; NaN when nothing is finite. */
    double meanAbs() {
        return finite == 0 ? Double.NaN : sum / finite;
    }

    /** Euclidean norm; NaN when nothing is finite. */
    double l2() {
        return finite == 0 ? Double.NaN : Math.sqrt(squares);
    }

    /** Largest absolute value; NaN when nothing is finite. */
    double maxAbs() {
        return finite == 0 ? Double.NaN : max;
    }

    /** Share of the finite elements that are zero; NaN when nothing is finite. */
    double zeroFraction() {
        return finite == 0 ? Double.NaN : (double) zeros / finite;
    }

    int nans() {
        return (int) Math.min(Integer.MAX_VALUE, nans);
    }

    int infinities() {
        return (int) Math.min(Integer.MAX_VALUE, infinities);
    }
}
