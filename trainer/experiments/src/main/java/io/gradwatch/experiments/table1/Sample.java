package io.gradwatch.experiments.table1;

import java.util.Collection;
import java.util.OptionalDouble;

/**
 * Figures of runs that differ in their seed alone.
 *
 * @param count of figures
 * @param mean NaN for no figures, or if one is NaN
 * @param deviation sample standard deviation (divided by n - 1); empty for fewer than two figures
 */
public record Sample(int count, double mean, OptionalDouble deviation) {
    /** The statistics of {@code figures}, in one pass that loses no digits to a large mean (Welford). */
    public static Sample of(Collection<Double> figures) {
        int count = 0;
        double mean = 0;
        double squares = 0;
        for (double figure : figures) {
            count++;
            double before = figure - mean;
            mean += before / count;
            squares += before * (figure - mean);
        }
        return new Sample(
                count,
                count == 0 ? Double.NaN : mean,
                count < 2 ? OptionalDouble.empty() : OptionalDouble.of(Math.sqrt(squares / (count - 1))));
    }
}
