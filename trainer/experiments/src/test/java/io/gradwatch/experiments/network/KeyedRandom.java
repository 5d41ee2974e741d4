package io.gradwatch.experiments.network;

import java.nio.charset.StandardCharsets;

/**
 * Random numbers that Java and Python draw alike: SplitMix64, one stream for each name. {@code keyed_random.py} is the
 * twin.
 */
final class KeyedRandom {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

    private long state;

    /** The stream of that name, in ASCII. */
    KeyedRandom(String name) {
        long hash = FNV_OFFSET;
        for (byte letter : name.getBytes(StandardCharsets.US_ASCII)) {
            hash = (hash ^ letter) * FNV_PRIME;
        }
        state = hash;
    }

    /** Numbers of [low, high), each rounded to float, so that float and double start from the same values. */
    double[] uniform(int count, double low, double high) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (low + (high - low) * ((next() >>> 40) * 0x1p-24));
        }
        return values;
    }

    /** A whole number of 0 to {@code bound} - 1. */
    int integer(int bound) {
        return (int) (((next() >>> 32) * bound) >>> 32);
    }

    /** 1 or -1. */
    int sign() {
        return next() < 0 ? -1 : 1;
    }

    private long next() {
        state += GAMMA;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
