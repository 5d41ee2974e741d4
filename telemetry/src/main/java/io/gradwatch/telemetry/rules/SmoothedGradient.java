package io.gradwatch.telemetry.rules;

import io.gradwatch.contract.v1.LayerStatistics;
import java.util.Arrays;

/**
 * x of every weight layer: the exponentially weighted mean of log10(max(mean |g|, 1e-38)), in decades. Immutable.
 *
 * <p>A layer's first usable value is taken as it is. A value that is NaN, infinite or negative leaves the layer's x as it
 * was; x is NaN until the layer has had a usable value.
 */
final class SmoothedGradient {
    /** Gradients below this, zero among them, count as this. */
    static final double FLOOR = 1e-38;

    static final SmoothedGradient NONE = new SmoothedGradient(new double[0]);

    private final double[] x;

    private SmoothedGradient(double[] x) {
        this.x = x;
    }

    static SmoothedGradient of(double[] x) {
        return new SmoothedGradient(x.clone());
    }

    int layers() {
        return x.length;
    }

    double at(int layer) {
        return x[layer];
    }

    /**
     * With one more iteration. Statistics of another number of layers are another network's: smoothing starts anew.
     *
     * @param halfLife iterations after which a value counts half
     */
    SmoothedGradient with(LayerStatistics statistics, double halfLife) {
        double weight = 1 - Math.pow(2, -1 / halfLife);
        int layers = statistics.getMeanAbsCount();
        double[] next = layers == x.length ? x.clone() : new double[layers];
        if (layers != x.length) {
            Arrays.fill(next, Double.NaN);
        }
        for (int i = 0; i < layers; i++) {
            float meanAbs = statistics.getMeanAbs(i);
            if (usable(meanAbs)) {
                double value = Math.log10(Math.max(meanAbs, FLOOR));
                next[i] = Double.isNaN(next[i]) ? value : next[i] + weight * (value - next[i]);
            }
        }
        return new SmoothedGradient(next);
    }

    static boolean usable(float meanAbs) {
        return meanAbs >= 0 && meanAbs <= Float.MAX_VALUE;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SmoothedGradient that && Arrays.equals(x, that.x);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(x);
    }
}
