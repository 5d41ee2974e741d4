package io.gradwatch.telemetry.metrics;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts durations by how long they took. Safe for any thread; recording allocates nothing. */
public final class Histogram {
    /** Upper ends of the buckets, milliseconds; beyond the last one there is another. */
    static final long[] ENDS_MS = {5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000};

    private final AtomicLongArray counts = new AtomicLongArray(ENDS_MS.length + 1);
    private final LongAdder sumMs = new LongAdder();

    /** Counts one. What a clock that runs behind makes negative counts as 0. */
    public void record(long ms) {
        long duration = Math.max(0, ms);
        int bucket = 0;
        while (bucket < ENDS_MS.length && duration > ENDS_MS[bucket]) {
            bucket++;
        }
        counts.incrementAndGet(bucket);
        sumMs.add(duration);
    }

    long count(int bucket) {
        return counts.get(bucket);
    }

    long sumMs() {
        return sumMs.sum();
    }
}
