package io.gradwatch.telemetry.rules;

import static io.gradwatch.contract.v1.Alert.Severity.SEVERITY_UNSPECIFIED;
import static io.gradwatch.contract.v1.Alert.Severity.WARNING;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.contract.v1.Iteration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The gradients of many layers fall at once, far below what was usual for each of them: a CUSUM of each layer's log10 of
 * mean |g| against its own slow mean and spread. For what was healthy and dies.
 *
 * <p>Memory: iterations; then for each layer its usual value, its mean absolute deviation and its CUSUM.
 *
 * @param slack deviations a layer may be below its mean without being counted, or half of {@code fallDecades} if that is
 *     more: by so much the slow mean may lag behind a gradient that declines with the training
 * @param height sum of deviations from which a layer counts
 * @param fallDecades and it must be so far below its mean
 * @param share of layers from which it is an alert
 * @param afterIterations before which nothing is judged
 * @param steadyIterations after a new attempt or a step of the learning rate during which nothing is judged
 */
record Collapse(
        int version,
        double slack,
        double height,
        double fallDecades,
        double share,
        int afterIterations,
        int steadyIterations,
        Timing timing)
        implements Rule {
    static final Collapse STANDARD = new Collapse(1, 1, 8, 0.5, 0.3, 500, 200, new Timing(5, 200, 500));

    private static final double WEIGHT = 1 - Math.pow(2, -1 / Baselines.HALF_LIFE);
    private static final double DEVIATION_OF_MEAN_ABSOLUTE = 1.2533;
    private static final double LEAST_DEVIATION = 0.05;
    private static final int OF_LAYER = 3;

    @Override
    public String name() {
        return "collapse";
    }

    @Override
    public RuleDescription description() {
        return new RuleDescription(
                name(),
                version,
                WARNING,
                "The gradients of at least 30 % of the layers fall at once, half a decade or more below what was usual for"
                        + " each.",
                new Named()
                        .with("slack_deviations", slack)
                        .with("height_deviations", height)
                        .with("fall_decades", fallDecades)
                        .with("share", share)
                        .with("after_iterations", afterIterations)
                        .with("steady_iterations", steadyIterations)
                        .with("baseline_half_life_iterations", Baselines.HALF_LIFE)
                        .with(timing)
                        .map());
    }

    @Override
    public Set<String> catches() {
        return Set.of("collapse");
    }

    @Override
    public Rule with(Parameters p) {
        return new Collapse(
                version,
                p.number("slack_deviations", slack),
                p.number("height_deviations", height),
                p.number("fall_decades", fallDecades),
                p.number("share", share),
                p.whole("after_iterations", afterIterations),
                p.whole("steady_iterations", steadyIterations),
                p.timing(timing));
    }

    @Override
    public List<String> inhibitors() {
        return StandardRules.VANISHED;
    }

    @Override
    public Look look(Signals signals, double[] memory, boolean open) {
        Iteration iteration = signals.iteration();
        DepthProfile profile = signals.profile();
        if (iteration == null || profile.size() == 0) {
            return Look.none(memory);
        }
        double[] next = counted(iteration, profile, memory, open);
        if (next[0] <= afterIterations || (!open && signals.steadyFor() < steadyIterations)) {
            return Look.none(next);
        }
        int fallen = fallen(profile, next, height).size();
        int below = fallen(profile, next, 0).size();
        Severity level = fallen >= share * profile.size() ? WARNING : SEVERITY_UNSPECIFIED;
        return Look.of(next, new Reading(level, level == SEVERITY_UNSPECIFIED && below < share / 2 * profile.size()));
    }

    private double[] counted(Iteration iteration, DepthProfile profile, double[] memory, boolean open) {
        int layers = profile.layer(profile.size() - 1) + 1;
        double[] next;
        if (memory.length >= 1 + OF_LAYER * layers) {
            next = memory.clone();
        } else {
            next = new double[1 + OF_LAYER * layers];
            Arrays.fill(next, 1, next.length, Double.NaN);
        }
        next[0]++;
        for (int p = 0; p < profile.size(); p++) {
            int layer = profile.layer(p);
            double value = Math.log10(Math.max(iteration.getLayers().getMeanAbs(layer), SmoothedGradient.FLOOR));
            count(next, 1 + OF_LAYER * layer, value, open);
        }
        return next;
    }

    private void count(double[] memory, int at, double value, boolean open) {
        if (Double.isNaN(memory[at])) {
            memory[at] = value;
            memory[at + 1] = 0;
            memory[at + 2] = 0;
            return;
        }
        double below = memory[at] - value;
        double deviation = Math.max(LEAST_DEVIATION, DEVIATION_OF_MEAN_ABSOLUTE * memory[at + 1]);
        if (memory[0] > afterIterations) {
            double unusual = below - Math.max(slack * deviation, fallDecades / 2);
            memory[at + 2] = Math.min(2 * height, Math.max(0, memory[at + 2] + unusual / deviation));
        }
        if (!open) {
            // while few values are known their plain mean is the better one
            double weight = Math.max(WEIGHT, 1 / memory[0]);
            memory[at] -= weight * below;
            memory[at + 1] += weight * (Math.abs(below) - memory[at + 1]);
        }
    }

    private List<Integer> fallen(DepthProfile profile, double[] memory, double cusum) {
        List<Integer> layers = new ArrayList<>(0);
        for (int p = 0; p < profile.size(); p++) {
            int at = 1 + OF_LAYER * profile.layer(p);
            if (memory[at + 2] >= cusum && profile.at(p) < memory[at] - fallDecades) {
                layers.add(profile.layer(p));
            }
        }
        return layers;
    }

    @Override
    public Finding explain(Signals signals, double[] memory, Severity severity) {
        DepthProfile profile = signals.profile();
        List<Integer> fallen = fallen(profile, memory, height);
        double[] falls = fallen.stream()
                .mapToDouble(layer -> {
                    int p = profile.position(layer);
                    return memory[1 + OF_LAYER * layer] - profile.at(p);
                })
                .toArray();
        String message = "The gradient has collapsed in " + fallen.size() + " of " + profile.size()
                + " layers, by a median of " + Words.decades(Robust.median(falls)) + " below what was usual for each.";
        return Finding.ofLayers(
                fallen,
                message,
                new Named()
                        .with("share_fallen", fallen.size() / (double) profile.size())
                        .with("median_fall_decades", Robust.median(falls))
                        .map(),
                description().parameters());
    }

    @Override
    public String relief(Signals signals, double[] memory) {
        return fallen(signals.profile(), memory, 0).size() + " of "
                + signals.profile().size() + " layers are half a decade or more below what was usual for them.";
    }
}
