package io.gradwatch.listener.statistics;

/** Sums of squares in double precision; NaN and infinities go through, as IEEE 754 has it. */
final class SquareSum {
    private SquareSum() {}

    static double of(float[] a, int count) {
        double q0 = 0, q1 = 0, q2 = 0, q3 = 0;
        int i = 0;
        for (; i <= count - 4; i += 4) {
            q0 += (double) a[i] * a[i];
            q1 += (double) a[i + 1] * a[i + 1];
            q2 += (double) a[i + 2] * a[i + 2];
            q3 += (double) a[i + 3] * a[i + 3];
        }
        for (; i < count; i++) {
            q0 += (double) a[i] * a[i];
        }
        return (q0 + q1) + (q2 + q3);
    }

    static double of(double[] a, int count) {
        double q = 0;
        for (int i = 0; i < count; i++) {
            q += a[i] * a[i];
        }
        return q;
    }
}
