package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.run.SamplingPlan;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code train} that say what is measured in some steps only. */
final class SamplingOptions {
    private static final int MOST = 1_000_000_000;

    @Option(
            names = "--histograms-every",
            paramLabel = "N",
            description = "Steps from one set of histograms of gradients and weights to the next; 0: none. Default: 0.")
    @Nullable
    String histograms;

    @Option(
            names = "--activations-every",
            paramLabel = "N",
            description = "Steps from one measurement of every layer's activations to the next; 0: none. Default: 0.")
    @Nullable
    String activations;

    @Option(
            names = "--curvature-every",
            paramLabel = "N",
            description = "Steps from one measurement of the loss's curvature along the gradient to the next; 0: none."
                    + " Each takes as long as about three steps. Default: 0.")
    @Nullable
    String curvature;

    @Option(
            names = "--shattering-every",
            paramLabel = "N",
            description = "Steps from one comparison of the gradients of a batch's two halves to the next; 0: none."
                    + " Each takes as long as about one step. Default: 0.")
    @Nullable
    String shattering;

    /** Fills what was not typed with what the run's first attempt had. */
    void orElse(Map<String, String> recorded) {
        histograms = histograms == null ? recorded.get("histograms-every") : histograms;
        activations = activations == null ? recorded.get("activations-every") : activations;
        curvature = curvature == null ? recorded.get("curvature-every") : curvature;
        shattering = shattering == null ? recorded.get("shattering-every") : shattering;
    }

    SamplingPlan read(Arguments arguments) {
        return new SamplingPlan(
                arguments.count("--histograms-every", histograms, 0, 0, MOST),
                arguments.count("--activations-every", activations, 0, 0, MOST),
                arguments.count("--curvature-every", curvature, 0, 0, MOST),
                arguments.count("--shattering-every", shattering, 0, 0, MOST));
    }
}
