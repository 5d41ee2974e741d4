package io.gradwatch.experiments.run;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is measured in some steps only, in those whose number is a multiple of the one here; 0 for never. Does not change
 * what a run computes.
 *
 * @param histogramsEvery of gradients and weights
 * @param activationsEvery of every layer
 * @param curvatureEvery of the loss along the gradient
 * @param shatteringEvery of the gradient
 */
public record SamplingPlan(int histogramsEvery, int activationsEvery, int curvatureEvery, int shatteringEvery) {
    private static final String HISTOGRAMS = "histograms-every";
    private static final String ACTIVATIONS = "activations-every";
    private static final String CURVATURE = "curvature-every";
    private static final String SHATTERING = "shattering-every";

    /** The plan that {@link #toOptions} has written, be there other options beside it or not. */
    public static SamplingPlan of(Map<String, String> options) {
        return new SamplingPlan(
                every(options, HISTOGRAMS),
                every(options, ACTIVATIONS),
                every(options, CURVATURE),
                every(options, SHATTERING));
    }

    private static int every(Map<String, String> options, String name) {
        return Integer.parseInt(options.getOrDefault(name, "0"));
    }

    /** The plan by its names on the command line; what is never measured is left out. */
    public Map<String, String> toOptions() {
        Map<String, String> options = new LinkedHashMap<>();
        put(options, HISTOGRAMS, histogramsEvery);
        put(options, ACTIVATIONS, activationsEvery);
        put(options, CURVATURE, curvatureEvery);
        put(options, SHATTERING, shatteringEvery);
        return options;
    }

    private static void put(Map<String, String> options, String name, int every) {
        if (every > 0) {
            options.put(name, Integer.toString(every));
        }
    }
}
