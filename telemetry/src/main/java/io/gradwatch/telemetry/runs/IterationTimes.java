package io.gradwatch.telemetry.runs;

import java.util.Arrays;

/** The newest iteration times of a run, for their median. Not thread-safe. */
final class IterationTimes {
    private static final int KEPT = 64;

    private final float[] times = new float[KEPT];
    private int size;
    private int next;

    /** Adds a time in milliseconds; one that is not a positive finite number is ignored. */
    void add(float ms) {
        if (ms > 0 && Float.isFinite(ms)) {
            times[next] = ms;
            next = (next + 1) % KEPT;
            size = Math.min(KEPT, size + 1);
        }
    }

    /** Median of the newest 64, milliseconds; 0 without any. */
    double median() {
        if (size == 0) {
            return 0;
        }
        float[] sorted = Arrays.copyOf(times, size);
        Arrays.sort(sorted);
        return size % 2 == 1 ? sorted[size / 2] : (sorted[size / 2 - 1] + (double) sorted[size / 2]) / 2;
    }
}
