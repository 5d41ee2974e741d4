package io.gradwatch.experiments.layers;

/**
 * {@code 1 / (1 + exp(-x))} and its derivative over Java arrays, written so that the compiler of JDK 17 vectorises them:
 * no branches, no conversions between float and int, no bit patterns, and short loops, as it gives up on long ones.
 *
 * <p>The relative error is below 2e-7 for arguments from -44 up. Below -44 the result stays at that of -44, 8e-20. NaN
 * stays NaN.
 */
final class LogisticSigmoid {
    /** Adding and subtracting it rounds to the nearest integer. */
    private static final float ROUND = 0x1.8p23f;

    private static final float LIMIT = 44;
    private static final float LOG2_E = 1.44269504f;

    /** ln 2 in two parts; products of the first one with integers up to 128 are exact. */
    private static final float LN_2_HIGH = 0.693359375f;

    private static final float LN_2_LOW = -2.12194440e-4f;

    /** Added to the exponent of two, so that it is not negative. */
    private static final float BIAS = 64;

    private static final ThreadLocal<float[]> EXPONENTS = ThreadLocal.withInitial(() -> new float[0]);

    private LogisticSigmoid() {}

    /** Replaces the first {@code count} elements by their sigmoid. */
    static void activate(float[] x, int count) {
        float[] exponents = EXPONENTS.get();
        if (exponents.length < count) {
            exponents = new float[x.length];
            EXPONENTS.set(exponents);
        }
        split(x, exponents, count);
        exponential(x, count);
        scale(x, exponents, count, 64, 0x1p64f);
        scale(x, exponents, count, 32, 0x1p32f);
        scale(x, exponents, count, 16, 0x1p16f);
        scale(x, exponents, count, 8, 0x1p8f);
        scale(x, exponents, count, 4, 0x1p4f);
        scale(x, exponents, count, 2, 0x1p2f);
        finish(x, exponents, count);
    }

    /** Splits -x into whole multiples of ln 2, written with the bias, and the rest, at most ln 2 / 2 from zero. */
    private static void split(float[] x, float[] exponents, int count) {
        for (int i = 0; i < count; i++) {
            float power = Math.max(Math.min(-x[i], LIMIT), -LIMIT);
            float whole = (power * LOG2_E + ROUND) - ROUND;
            x[i] = (power - whole * LN_2_HIGH) - whole * LN_2_LOW;
            exponents[i] = whole + BIAS;
        }
    }

    /** Replaces numbers near zero by their exponential over 2^64: the polynomial of Moshier's Cephes library. */
    private static void exponential(float[] x, int count) {
        for (int i = 0; i < count; i++) {
            float rest = x[i];
            float series = 1.9875691500e-4f * rest + 1.3981999507e-3f;
            series = series * rest + 8.3334519073e-3f;
            series = series * rest + 4.1665795894e-2f;
            series = series * rest + 1.6666665459e-1f;
            series = series * rest + 5.0000001201e-1f;
            x[i] = (series * (rest * rest) + rest + 1) * 0x1p-64f;
        }
    }

    /** Where the exponent is {@code weight} or more, takes it off and multiplies by 2^weight: exact, either way. */
    private static void scale(float[] x, float[] exponents, int count, float weight, float power) {
        float inverse = 1 / weight;
        float half = (weight - 1) / 2;
        for (int i = 0; i < count; i++) {
            float bit = ((exponents[i] - half) * inverse + ROUND) - ROUND;
            exponents[i] -= weight * bit;
            x[i] *= bit * power + (1 - bit);
        }
    }

    /** The sigmoid; the exponent is 0 or 1 by now. */
    private static void finish(float[] x, float[] exponents, int count) {
        for (int i = 0; i < count; i++) {
            x[i] = 1 / (1 + x[i] * (1 + exponents[i]));
        }
    }

    /** Replaces the gradient by its product with the derivative where the sigmoid is {@code result}. */
    static void backpropagate(float[] result, float[] gradient, int count) {
        for (int i = 0; i < count; i++) {
            gradient[i] *= result[i] * (1 - result[i]);
        }
    }
}
