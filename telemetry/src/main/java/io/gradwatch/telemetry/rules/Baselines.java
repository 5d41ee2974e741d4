package io.gradwatch.telemetry.rules;

import java.util.Arrays;

/**
 * What is usual for each layer: a slow exponential mean of its x, in the first iterations the plain mean, so that a network
 * which begins on a plateau is not held against its first gradient for long. As a rule's memory: iterations, then one value a
 * layer.
 */
final class Baselines {
    /** Iterations after which a value counts half. */
    static final double HALF_LIFE = 500;

    private static final double WEIGHT = 1 - Math.pow(2, -1 / HALF_LIFE);

    private Baselines() {}

    /** Iterations that the baselines are of. */
    static double iterations(double[] memory) {
        return memory.length == 0 ? 0 : memory[0];
    }

    /** The layer's usual x; NaN where it is not known. */
    static double at(double[] memory, int layer) {
        return layer + 1 < memory.length ? memory[layer + 1] : Double.NaN;
    }

    /** With one iteration more. Another number of layers is another network: they begin anew. */
    static double[] with(double[] memory, Signals signals) {
        DepthProfile profile = signals.profile();
        int layers = profile.layer(profile.size() - 1) + 1;
        double[] next;
        if (memory.length >= layers + 1) {
            next = memory.clone();
        } else {
            next = new double[layers + 1];
            Arrays.fill(next, 1, next.length, Double.NaN);
        }
        next[0]++;
        double weight = Math.max(WEIGHT, 1 / next[0]);
        for (int p = 0; p < profile.size(); p++) {
            int i = profile.layer(p) + 1;
            next[i] = Double.isNaN(next[i]) ? profile.at(p) : next[i] + weight * (profile.at(p) - next[i]);
        }
        return next;
    }
}
