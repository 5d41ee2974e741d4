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

    /** Activates all elements of an array in place. */
    static void activate(OffHeapFloats x, Tiling tiling, float slope) {
        tiling.forEachPiece((scratch, offset, count) -> {
            float[] piece = scratch.first();
            x.read(offset, piece, count);
            activate(piece, count, slope);
            x.write(offset, piece, count);
        });
    }

    /** Writes the activation of the sum of two arrays. */
    static void activateSum(OffHeapFloats left, OffHeapFloats right, OffHeapFloats target, Tiling tiling, float slope) {
        tiling.forEachPiece((scratch, offset, count) -> {
            float[] sum = scratch.first();
            float[] other = scratch.second();
            left.read(offset, sum, count);
            right.read(offset, other, count);
            activateSum(sum, other, count, slope);
            target.write(offset, sum, count);
        });
    }

    private static void activateSum(float[] sum, float[] other, int count, float slope) {
        for (int i = 0; i < count; i++) {
            float value = sum[i] + other[i];
            sum[i] = Math.max(value, slope * value);
        }
    }

    /** Writes {@code gradient} times the derivative at {@code sign} to {@code target}, which may be either of them. */
    static void backpropagate(
            OffHeapFloats sign, OffHeapFloats gradient, OffHeapFloats target, Tiling tiling, float slope) {
        tiling.forEachPiece((scratch, offset, count) -> {
            float[] signs = scratch.first();
            float[] gradients = scratch.second();
            sign.read(offset, signs, count);
            gradient.read(offset, gradients, count);
            backpropagate(signs, gradients, count, slope);
            target.write(offset, gradients, count);
        });
    }
}
