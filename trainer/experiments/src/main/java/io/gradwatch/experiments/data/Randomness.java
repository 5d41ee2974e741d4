package io.gradwatch.experiments.data;

/**
 * Random numbers that are the same in every Java version: SplitMix64. A stream is named by a few numbers, so that what
 * is drawn for one batch depends on its place and never on the order in which threads come. Not thread-safe.
 */
final class Randomness {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    private static final long EVEN_BYTES = 0x00FF00FF00FF00FFL;
    private static final double BYTE_VARIANCE = (256.0 * 256 - 1) / 12;
    private static final float NORMAL_SCALE = (float) (1 / Math.sqrt(8 * BYTE_VARIANCE));

    private long state;

    /** The stream of that name. */
    Randomness(long... name) {
        long mixed = 0;
        for (long part : name) {
            mixed = mix((mixed + GAMMA) ^ mix(part + GAMMA));
        }
        state = mixed;
    }

    long nextLong() {
        state += GAMMA;
        return mix(state);
    }

    /** Uniform in 0 to {@code bound} - 1, for bounds of 1 to 2^31 - 1; its bias is below {@code bound} / 2^32. */
    int nextInt(int bound) {
        return (int) (((nextLong() >>> 32) * bound) >>> 32);
    }

    /** Uniform in [0, 1). */
    float nextFloat() {
        return (nextLong() >>> 40) * 0x1p-24f;
    }

    /** Mean 0, variance 1, bell-shaped: the sum of eight uniform bytes, so never beyond ±4.9. Much faster than exact. */
    float nextNormal() {
        long bits = nextLong();
        long pairs = (bits & EVEN_BYTES) + ((bits >>> 8) & EVEN_BYTES);
        int sum = (int) ((pairs * 0x0001000100010001L) >>> 48);
        return (sum - 1020) * NORMAL_SCALE;
    }

    /** Puts {@code values} into random order. */
    void shuffle(int[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = nextInt(i + 1);
            int kept = values[i];
            values[i] = values[j];
            values[j] = kept;
        }
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
