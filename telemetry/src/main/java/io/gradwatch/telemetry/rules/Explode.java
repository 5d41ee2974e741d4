package io.gradwatch.telemetry.rules;

import static io.gradwatch.contract.v1.Alert.Severity.CRITICAL;
import static io.gradwatch.contract.v1.Alert.Severity.SEVERITY_UNSPECIFIED;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Gradients are too large: their median over the layers, one layer's norm, or one layer against its own past. The median,
 * because with batch normalisation the first layer of a healthy network begins near 1; no ratio of first to last layer for
 * the same reason.
 *
 * <p>Or a step is far larger than the weights that it changes, as median over the layers: one such step leaves nothing of them.
 * With batch normalisation the gradient is small again two iterations later, so that nothing else tells of it: the gradient of a
 * normalised layer falls as its weights grow.
 *
 * <p>Memory: {@link Baselines} of x.
 *
 * @param medianLog10 above which the median of x over the layers is too large
 * @param norm above which a layer's Euclidean norm is too large
 * @param riseDecades above a layer's own baseline
 * @param riseNorm and its Euclidean norm must be above this: a gradient that grows from almost nothing to what is usual in
 *     training is a network that leaves its initial plateau
 * @param clearDecades below all limits at which the condition is gone
 * @param baselineAfter iterations before baselines count
 * @param step norm of update / norm of weights, as median over the layers, above which one iteration is enough
 */
record Explode(
        int version,
        double medianLog10,
        double norm,
        double riseDecades,
        double riseNorm,
        double clearDecades,
        int baselineAfter,
        double step,
        Timing timing)
        implements Rule {
    static final Explode STANDARD = new Explode(3, 0, 1e3, 2, 10, 1, 500, 10, new Timing(5, 50, 5));

    @Override
    public String name() {
        return "explode";
    }

    @Override
    public Timing timing(Signals signals) {
        return stepsTooFar(signals) ? new Timing(Span.iterations(1), timing.keepSpan(), 0) : timing;
    }

    private boolean stepsTooFar(Signals signals) {
        return UpdateRatio.median(signals) > step;
    }

    @Override
    public RuleDescription description() {
        return new RuleDescription(
                name(),
                version,
                CRITICAL,
                "Gradients are too large: their median over the layers is above 1, a layer's norm above 1000, or a layer has"
                        + " risen by two decades over its own past, to a norm above 10. At once where a step is ten"
                        + " times as large as the weights that it changes, as median over the layers.",
                new Named()
                        .with("median_log10", medianLog10)
                        .with("norm", norm)
                        .with("rise_decades", riseDecades)
                        .with("rise_norm", riseNorm)
                        .with("clear_decades", clearDecades)
                        .with("baseline_after_iterations", baselineAfter)
                        .with("baseline_half_life_iterations", Baselines.HALF_LIFE)
                        .with("step_ratio", step)
                        .with(timing)
                        .map());
    }

    @Override
    public Set<String> catches() {
        return Set.of("exploding");
    }

    @Override
    public Rule with(Parameters p) {
        return new Explode(
                version,
                p.number("median_log10", medianLog10),
                p.number("norm", norm),
                p.number("rise_decades", riseDecades),
                p.number("rise_norm", riseNorm),
                p.number("clear_decades", clearDecades),
                p.whole("baseline_after_iterations", baselineAfter),
                p.number("step_ratio", step),
                p.timing(timing));
    }

    @Override
    public List<String> inhibitors() {
        return StandardRules.NON_FINITE;
    }

    @Override
    public Look look(Signals signals, double[] memory, boolean open) {
        if (signals.iteration() == null || signals.profile().size() == 0) {
            return Look.none(memory);
        }
        Severity level = isLargerBy(0, signals, memory) || stepsTooFar(signals) ? CRITICAL : SEVERITY_UNSPECIFIED;
        Reading reading = new Reading(level, !isLargerBy(-clearDecades, signals, memory));
        return Look.of(open ? memory : Baselines.with(memory, signals), reading);
    }

    /** Whether one of the limits, moved by some decades, is passed. */
    private boolean isLargerBy(double decades, Signals signals, double[] memory) {
        return signals.profile().median() > medianLog10 + decades
                || !above(norm * Math.pow(10, decades), signals).isEmpty()
                || !risen(decades, signals, memory).isEmpty();
    }

    private static List<Integer> above(double limit, Signals signals) {
        List<Integer> layers = new ArrayList<>(0);
        Iteration iteration = signals.iteration();
        LayerStatistics statistics = iteration == null ? LayerStatistics.getDefaultInstance() : iteration.getLayers();
        for (int l = 0; l < statistics.getL2Count(); l++) {
            if (statistics.getL2(l) > limit && Float.isFinite(statistics.getL2(l))) {
                layers.add(l);
            }
        }
        return layers;
    }

    private List<Integer> risen(double decades, Signals signals, double[] memory) {
        if (Baselines.iterations(memory) < baselineAfter) {
            return List.of();
        }
        List<Integer> layers = above(riseNorm * Math.pow(10, decades), signals);
        layers.removeIf(layer -> !(xOf(layer, signals) > Baselines.at(memory, layer) + riseDecades + decades));
        return layers;
    }

    /** A layer's x; NaN where the profile leaves it out. */
    private static double xOf(int layer, Signals signals) {
        int position = signals.profile().position(layer);
        return position < 0 ? Double.NaN : signals.profile().at(position);
    }

    @Override
    public Finding explain(Signals signals, double[] memory, Severity severity) {
        List<Integer> large = above(norm, signals);
        List<Integer> risen = risen(0, signals, memory);
        double median = signals.profile().median();
        String message;
        if (stepsTooFar(signals)) {
            message = String.format(
                    Locale.ROOT,
                    "Training explodes: a step is %.0f times as large as the weights that it changes (median over the layers):"
                            + " nothing is left of them. A far smaller learning rate is due.",
                    UpdateRatio.median(signals));
        } else if (median > medianLog10) {
            message = "Gradients explode: their median over the layers is " + Words.magnitude(median) + ".";
        } else if (!large.isEmpty()) {
            message = String.format(
                    Locale.ROOT,
                    "Gradients explode: the norm is above %.0f in %s.",
                    norm,
                    large.size() == 1 ? signals.layerName(large.get(0)) : large.size() + " layers");
        } else {
            message = "Gradients explode: "
                    + (risen.size() == 1 ? signals.layerName(risen.get(0)) : risen.size() + " layers") + " rose by "
                    + Words.decades(riseDecades) + " or more over their own past.";
        }
        return Finding.ofLayers(
                large.isEmpty() ? risen : large,
                message,
                new Named()
                        .with("median_log10", median)
                        .with("layers_above_norm", large.size())
                        .with("layers_risen", risen.size())
                        .with("median_update_ratio", UpdateRatio.median(signals))
                        .map(),
                description().parameters());
    }

    @Override
    public String relief(Signals signals, double[] memory) {
        return "The median of the gradient over the layers is "
                + Words.magnitude(signals.profile().median()) + ".";
    }
}
