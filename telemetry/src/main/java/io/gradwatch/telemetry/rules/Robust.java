package io.gradwatch.telemetry.rules;

import java.util.Arrays;

/** Statistics that a single odd value does not move. */
final class Robust {
    private Robust() {}

    /**
     * @param slope per step of the position
     * @param r2 share of the variance that the line explains, at most 1; negative for a line worse than the mean
     */
    record Line(double slope, double r2) {}

    /** NaN of no values. */
    static double median(double[] values) {
        if (values.length == 0) {
            return Double.NaN;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Theil and Sen's line through (0, y0), (1, y1), …: the median of the slopes of all pairs. Flat below two points. */
    static Line theilSen(double[] y) {
        int n = y.length;
        if (n < 2) {
            return new Line(0, 1);
        }
        double[] slopes = new double[n * (n - 1) / 2];
        int k = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                slopes[k++] = (y[j] - y[i]) / (j - i);
            }
        }
        double slope = median(slopes);
        double[] rests = new double[n];
        double mean = 0;
        for (int i = 0; i < n; i++) {
            rests[i] = y[i] - slope * i;
            mean += y[i] / n;
        }
        double intercept = median(rests);
        double residual = 0;
        double total = 0;
        for (int i = 0; i < n; i++) {
            residual += (rests[i] - intercept) * (rests[i] - intercept);
            total += (y[i] - mean) * (y[i] - mean);
        }
        return new Line(slope, total == 0 ? 1 : 1 - residual / total);
    }
}
