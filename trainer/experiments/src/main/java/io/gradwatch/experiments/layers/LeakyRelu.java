package io.gradwatch.experiments.layers;

/**
 * {@code max(x, slope·x)} and its derivative over Java arrays, written so that the compiler vectorises them. Because the
 * slope is positive, a result has the sign of its argument, and the derivative can be had from either.
 */
final class LeakyRelu {
    private LeakyRelu() {}

    /** Returns the slope as float, if it is one. */
    static float checkedSlope(double slope) {
        if (!(slope > 0 && slope <= 1)) {
            throw new IllegalArgumentException("slope " + slope + ": accepted are values above 0, up to 1");
        }
        return (float) slope;
    }

    /** Replaces the first {@code count} elements by their activation. */
    static void activate(float[] x, int count, float slope) {
        for (int i = 0; i < count; i++) {
            float value = x[i];
            x[i] = Math.max(value, slope * value);
        }
    }

    /** Replaces {@code gradient} by its product with the derivative at {@code sign}: argument or result. */
    static void backpropagate(float[] sign, float[] gradient, int count, float slope) {
        for (int i = 0; i < count; i++) {
            gradient[i] *= derivative(sign[i], slope);
        }
    }

    /** 1 above zero, else the slope, without a branch; for subnormal numbers the slope. */
    static float derivative(float sign, float slope) {
        return Math.max(Math.min(sign * Float.MAX_VALUE, 1f), slope);
    }
}
