package io.gradwatch.telemetry.history;

/**
 * The smoothed values of a bucket.
 *
 * @param count of them; at least 1
 * @param mean of them, as values, also where logarithms were smoothed
 * @param first that of the smallest iteration that has one
 */
public record Smoothed(long count, double min, double max, double mean, double first, double last) {
    /** Smoothed values that come one after the other. Not thread-safe. */
    static final class Builder {
        private long count;
        private double min = Double.POSITIVE_INFINITY;
        private double max = Double.NEGATIVE_INFINITY;
        private double sum;
        private double first;
        private double last;

        void add(double value) {
            first = count == 0 ? value : first;
            last = value;
            count++;
            min = Math.min(min, value);
            max = Math.max(max, value);
            sum += value;
        }

        Smoothed build() {
            return new Smoothed(count, min, max, sum / count, first, last);
        }
    }
}
