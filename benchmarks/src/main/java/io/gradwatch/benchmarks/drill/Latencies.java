package io.gradwatch.benchmarks.drill;

import java.util.Arrays;
import java.util.Locale;

/** Times of many events, milliseconds, of the present stretch. Any thread. */
final class Latencies {
    private long[] times = new long[1024];
    private int count;

    synchronized void add(long ms) {
        if (count == times.length) {
            times = Arrays.copyOf(times, 2 * count);
        }
        times[count++] = ms;
    }

    /** Ends the stretch: a new one begins. */
    synchronized Stretch take() {
        long[] sorted = Arrays.copyOf(times, count);
        Arrays.sort(sorted);
        count = 0;
        return new Stretch(sorted);
    }

    /**
     * A stretch that is over.
     *
     * @param sorted times, the shortest first
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Stretch(long[] sorted) {
        int count() {
            return sorted.length;
        }

        /** The time that this share of all did not exceed; -1 without any. */
        long quantile(double share) {
            return sorted.length == 0
                    ? -1
                    : sorted[Math.min(sorted.length - 1, (int) Math.ceil(share * sorted.length) - 1)];
        }

        String text() {
            return count() == 0
                    ? "none"
                    : String.format(
                            Locale.ROOT, "p50 %d ms, p99 %d ms (%,d frames)", quantile(0.5), quantile(0.99), count());
        }
    }
}
