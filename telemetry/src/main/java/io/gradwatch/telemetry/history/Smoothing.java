package io.gradwatch.telemetry.history;

/**
 * An exponentially weighted mean, corrected for its beginning.
 *
 * <p>With the values x₁ … xₙ that have been measured and are finite, in the order of their iterations, it is
 * {@code Σ (1-α)^(n-k) xₖ / Σ (1-α)^(n-k)}: the first value is smoothed to itself, and no value counts for more than its
 * share. A NaN, an infinity and what was not measured leave the mean as it is and have no smoothed value; so has, in
 * logarithmic space, what is not above 0.
 *
 * @param alpha what the newest value counts, above 0 and at most 1
 * @param logarithmic whether log10 of the values is smoothed; smoothed values are values again, 10 to the power of the mean
 */
public record Smoothing(double alpha, boolean logarithmic) {
    /** After so many half-lives the largest float has become less than the last digit of the smallest one. */
    private static final double LINEAR_HALF_LIVES = 340;

    /** Logarithms differ less: after so many the last digit of a double is reached. */
    private static final double LOG_HALF_LIVES = 64;

    /** @throws IllegalArgumentException when alpha is not in its range */
    public Smoothing {
        if (!(alpha > 0 && alpha <= 1)) {
            throw new IllegalArgumentException("alpha is " + alpha + "; accepted is above 0, at most 1");
        }
    }

    /** The smoothing in which a value counts half after so many further values. */
    public static Smoothing ofHalfLife(double values, boolean logarithmic) {
        return new Smoothing(-Math.expm1(-Math.log(2) / values), logarithmic);
    }

    /** A mean of nothing yet. */
    public Course begin() {
        return new Course();
    }

    /** After so many values nothing of the ones before is left in a double. */
    long memory() {
        double perHalfLife = alpha == 1 ? 0 : -Math.log(2) / Math.log1p(-alpha);
        double values = Math.ceil(perHalfLife * (logarithmic ? LOG_HALF_LIVES : LINEAR_HALF_LIVES)) + 1;
        return values < Long.MAX_VALUE / 4.0 ? (long) values : Long.MAX_VALUE / 4;
    }

    /** The mean as it goes on. Not thread-safe. */
    public final class Course {
        private double sum;
        private double weight;
        private long values;

        /** Takes the next value; gives the smoothed one, or NaN where there is none. */
        public double next(double value) {
            double x = logarithmic ? Math.log10(value) : value;
            if (!Double.isFinite(x)) {
                return Double.NaN;
            }
            values++;
            sum += alpha * (x - sum);
            weight += alpha * (1 - weight);
            double mean = sum / weight;
            return logarithmic ? Math.pow(10, mean) : mean;
        }

        /** Values that were taken. */
        long values() {
            return values;
        }
    }
}
