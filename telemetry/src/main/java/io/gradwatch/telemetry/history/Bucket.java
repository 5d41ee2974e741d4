package io.gradwatch.telemetry.history;

import org.jspecify.annotations.Nullable;

/**
 * All values of one series in a range of iterations.
 *
 * @param from first iteration of the bucket's range
 * @param to one more than its last
 * @param count number of values, NaN and infinities included; 0 only where a metric was not sampled
 * @param min smallest finite value; null without any
 * @param max largest finite value; null without any
 * @param mean of the finite values, added up in double precision; null without any
 * @param first value of the smallest iteration, as measured; null only with count 0
 * @param last value of the largest iteration, as measured; null only with count 0
 * @param nan number of values that are NaN
 * @param inf number of values that are infinite
 * @param smoothed null where nothing is smoothed, or was asked to be
 */
public record Bucket(
        long from,
        long to,
        long count,
        @Nullable Double min,
        @Nullable Double max,
        @Nullable Double mean,
        @Nullable Double first,
        @Nullable Double last,
        long nan,
        long inf,
        @Nullable Smoothed smoothed) {

    Bucket(
            long from,
            long to,
            long count,
            @Nullable Double min,
            @Nullable Double max,
            @Nullable Double mean,
            @Nullable Double first,
            @Nullable Double last,
            long nan,
            long inf) {
        this(from, to, count, min, max, mean, first, last, nan, inf, null);
    }

    Bucket with(@Nullable Smoothed smoothed) {
        return smoothed == null ? this : new Bucket(from, to, count, min, max, mean, first, last, nan, inf, smoothed);
    }

    /** A stretch in which nothing was sampled. */
    static Bucket empty(long from, long to) {
        return new Bucket(from, to, 0, null, null, null, null, null, 0, 0);
    }
}
