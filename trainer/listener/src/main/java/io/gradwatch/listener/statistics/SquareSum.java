package io.gradwatch.listener.statistics;

/** Sums of squares; NaN and infinities go through, as IEEE 754 has it. Reuses its memory. */
final class SquareSum {
    private final Lanes lanes = new Lanes();

    /** Of the first {@code count} elements. */
    double of(float[] a, int count) {
        lanes.clearSquares();
        int done = 0;
        for (; done <= count - Lanes.WIDTH; done += Lanes.WIDTH) {
            lanes.addSquares(a, done);
        }
        double roughly = lanes.squares();
        double q = Lanes.exact(roughly) ? roughly : inDouble(a, 0, done);
        return q + inDouble(a, done, count);
    }

    /** Of the elements of {@code from} to before {@code end}, all of it in double precision. */
    static double inDouble(float[] a, int from, int end) {
        double q0 = 0, q1 = 0, q2 = 0, q3 = 0;
        int i = from;
        for (; i <= end - 4; i += 4) {
            q0 += (double) a[i] * a[i];
            q1 += (double) a[i + 1] * a[i + 1];
            q2 += (double) a[i + 2] * a[i + 2];
            q3 += (double) a[i + 3] * a[i + 3];
        }
        for (; i < end; i++) {
            q0 += (double) a[i] * a[i];
        }
        return (q0 + q1) + (q2 + q3);
    }

    /** Of the first {@code count} elements. */
    double of(double[] a, int count) {
        double q = 0;
        for (int i = 0; i < count; i++) {
            q += a[i] * a[i];
        }
        return q;
    }
}
