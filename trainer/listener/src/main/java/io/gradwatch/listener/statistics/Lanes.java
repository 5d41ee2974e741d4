package io.gradwatch.listener.statistics;

import java.util.Arrays;

/**
 * Sums in single precision, each spread over many lanes, so that the compiler makes vector instructions of every loop
 * here; it does not for one sum in double precision. A lane takes at most some tens of elements of a piece before the
 * lanes are added up in double precision: the error is far below that of the numbers themselves.
 */
final class Lanes {
    /** Elements in a row, one for each lane. */
    static final int WIDTH = 256;

    /** Squares of numbers below 1e-19 are lost; beside a sum above this they do not matter. */
    private static final double SMALL = 1e-25;

    private final float[] sum = new float[WIDTH];
    private final float[] squares = new float[WIDTH];
    private final float[] largest = new float[WIDTH];
    private final float[] nonZero = new float[WIDTH];
    private final float[] row = new float[WIDTH];

    void clear() {
        Arrays.fill(sum, 0);
        Arrays.fill(squares, 0);
        Arrays.fill(largest, 0);
        Arrays.fill(nonZero, 0);
    }

    /** For sums of squares alone. */
    void clearSquares() {
        Arrays.fill(squares, 0);
    }

    /** Adds {@link #WIDTH} elements to all sums. */
    void add(float[] a, int from) {
        System.arraycopy(a, from, row, 0, WIDTH);
        add(row, sum, squares, largest, nonZero);
    }

    private static void add(float[] a, float[] sum, float[] squares, float[] largest, float[] nonZero) {
        for (int i = 0; i < WIDTH; i++) {
            float x = Math.abs(a[i]);
            sum[i] += x;
            squares[i] += x * x;
            largest[i] = Math.max(largest[i], x);
            // 1 for whatever is not zero, and be it the smallest number there is
            nonZero[i] += Math.min(x * 1e38f * 1e38f, 1f);
        }
    }

    /** Adds {@link #WIDTH} elements to the sum of squares alone. */
    void addSquares(float[] a, int from) {
        System.arraycopy(a, from, row, 0, WIDTH);
        addSquares(row, squares);
    }

    private static void addSquares(float[] a, float[] squares) {
        for (int i = 0; i < WIDTH; i++) {
            squares[i] += a[i] * a[i];
        }
    }

    double sum() {
        return total(sum);
    }

    /** Sum of squares, to be used only if it is {@link #exact}. */
    double squares() {
        return total(squares);
    }

    /** Whether no square was too small or too large for single precision to matter. */
    static boolean exact(double squares) {
        return squares > SMALL && squares <= Float.MAX_VALUE;
    }

    /** NaN when an element is. */
    float largest() {
        float most = 0;
        for (float x : largest) {
            most = Math.max(most, x);
        }
        return most;
    }

    long nonZero() {
        return (long) total(nonZero);
    }

    private static double total(float[] lanes) {
        double t0 = 0, t1 = 0, t2 = 0, t3 = 0;
        for (int i = 0; i < WIDTH; i += 4) {
            t0 += lanes[i];
            t1 += lanes[i + 1];
            t2 += lanes[i + 2];
            t3 += lanes[i + 3];
        }
        return (t0 + t1) + (t2 + t3);
    }
}
