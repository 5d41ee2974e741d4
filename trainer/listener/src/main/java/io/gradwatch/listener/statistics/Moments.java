package io.gradwatch.listener.statistics;

/**
 * Sums over the elements of one layer: absolute values, squares, largest, zeros, NaN and infinities. Sums are in double
 * precision and leave out what is not finite. Reused: {@link #reset} first.
 */
final class Moments {
    private final Lanes lanes = new Lanes();
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

    /** Adds the first {@code count} elements. */
    void add(float[] a, int count) {
        lanes.clear();
        int rows = count / Lanes.WIDTH;
        for (int row = 0; row < rows; row++) {
            lanes.add(a, row * Lanes.WIDTH);
        }
        int done = rows * Lanes.WIDTH;
        float largest = lanes.largest();
        double roughly = lanes.squares();
        if (largest <= Float.MAX_VALUE) {
            finite += done;
            zeros += done - lanes.nonZero();
            sum += lanes.sum();
            squares += Lanes.exact(roughly) ? roughly : SquareSum.inDouble(a, 0, done);
            max = Math.max(max, largest);
        } else {
            done = 0; // NaN and infinity are counted one by one
        }
        for (int i = done; i < count; i++) {
            addOne(a[i]);
        }
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
