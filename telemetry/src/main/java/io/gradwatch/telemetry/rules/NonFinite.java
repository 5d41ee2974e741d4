package io.gradwatch.telemetry.rules;

import static io.gradwatch.contract.v1.Alert.Severity.CRITICAL;
import static io.gradwatch.contract.v1.Alert.Severity.SEVERITY_UNSPECIFIED;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.contract.v1.BatchNormStatistics;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * NaN or infinity in the loss, a gradient, a parameter or a batch-norm statistic. It does not go away by itself: the alert
 * stays for the attempt in which it happened, and is resolved by a newer attempt that stays finite.
 *
 * <p>Memory: the attempt in which it was last seen.
 */
record NonFinite(int version, Timing timing) implements Rule {
    static final NonFinite STANDARD = new NonFinite(1, new Timing(1, 200, 0));

    @Override
    public String name() {
        return "nan-inf";
    }

    @Override
    public RuleDescription description() {
        return new RuleDescription(
                name(),
                version,
                CRITICAL,
                "NaN or infinity in the loss, a gradient, a parameter or a batch-norm statistic. Stays until a new attempt"
                        + " of the run is free of it; explains whatever else fires.",
                new Named().with(timing).map());
    }

    @Override
    public Set<String> catches() {
        return Set.of("nan");
    }

    @Override
    public Rule with(Parameters p) {
        return new NonFinite(version, p.timing(timing));
    }

    @Override
    public Look look(Signals signals, double[] memory, boolean open) {
        Iteration iteration = signals.iteration();
        if (iteration == null) {
            return Look.none(memory);
        }
        if (!Double.isFinite(sample(iteration))) {
            return Look.of(new double[] {signals.attempt()}, new Reading(CRITICAL, false));
        }
        boolean sticks = memory.length > 0 && memory[0] >= signals.attempt();
        return Look.of(memory, sticks ? new Reading(CRITICAL, false) : new Reading(SEVERITY_UNSPECIFIED, true));
    }

    /** A sum that is finite if, and only if, everything is that should be. */
    private static double sample(Iteration iteration) {
        double sum = iteration.hasLoss() ? 0 * iteration.getLoss() : 0;
        LayerStatistics layers = iteration.getLayers();
        for (int l = 0; l < layers.getMeanAbsCount(); l++) {
            sum += 0 * layers.getMeanAbs(l);
        }
        for (int l = 0; l < layers.getNanCountCount(); l++) {
            sum += layers.getNanCount(l) == 0 ? 0 : Double.NaN;
        }
        for (int l = 0; l < layers.getInfCountCount(); l++) {
            sum += layers.getInfCount(l) == 0 ? 0 : Double.NaN;
        }
        for (int l = 0; l < layers.getParameterL2Count(); l++) {
            sum += 0 * layers.getParameterL2(l);
        }
        for (Summary summary : summaries(iteration.getBatchNorms())) {
            for (int b = 0; b < summary.getMeanCount(); b++) {
                sum += 0 * summary.getMean(b);
            }
        }
        return sum;
    }

    private static List<Summary> summaries(BatchNormStatistics s) {
        return List.of(
                s.getGamma(),
                s.getBeta(),
                s.getBatchMean(),
                s.getBatchVariance(),
                s.getRunningMean(),
                s.getRunningVariance());
    }

    @Override
    public Finding explain(Signals signals, double[] memory, Severity severity) {
        Iteration iteration = signals.iteration();
        if (iteration == null) {
            return Finding.NONE;
        }
        LayerStatistics statistics = iteration.getLayers();
        List<Integer> gradients = new ArrayList<>();
        List<Integer> parameters = new ArrayList<>();
        for (int l = 0; l < statistics.getMeanAbsCount(); l++) {
            boolean counted = (l < statistics.getNanCountCount() && statistics.getNanCount(l) != 0)
                    || (l < statistics.getInfCountCount() && statistics.getInfCount(l) != 0);
            if (counted || !Float.isFinite(statistics.getMeanAbs(l))) {
                gradients.add(l);
            }
            if (l < statistics.getParameterL2Count() && !Float.isFinite(statistics.getParameterL2(l))) {
                parameters.add(l);
            }
        }
        List<String> parts = new ArrayList<>();
        if (iteration.hasLoss() && !Float.isFinite(iteration.getLoss())) {
            parts.add("the loss is " + iteration.getLoss());
        }
        if (!gradients.isEmpty()) {
            parts.add(
                    "the gradient has NaN or infinity in " + layers(signals, gradients, statistics.getMeanAbsCount()));
        }
        if (!parameters.isEmpty()) {
            parts.add("the weights are not finite in " + layers(signals, parameters, statistics.getMeanAbsCount()));
        }
        if (parts.isEmpty()) {
            parts.add("a batch-norm statistic was NaN or infinite");
        }
        String message = "Not finite: " + String.join("; ", parts)
                + ". Training cannot go on from here: every later step keeps it.";
        Named inputs = new Named()
                .with("layers_with_such_gradients", gradients.size())
                .with("layers_with_such_parameters", parameters.size());
        if (iteration.hasLoss()) {
            inputs.with("loss", iteration.getLoss());
        }
        return Finding.ofLayers(
                gradients.isEmpty() ? parameters : gradients,
                message,
                inputs.map(),
                description().parameters());
    }

    private static String layers(Signals signals, List<Integer> some, int all) {
        if (some.size() == all) {
            return "all " + all + " layers";
        }
        return some.size() == 1
                ? signals.layerName(some.get(0))
                : some.size() + " of " + all + " layers, nearest the loss "
                        + signals.layerName(some.get(some.size() - 1));
    }

    @Override
    public String relief(Signals signals, double[] memory) {
        return "Everything is finite in attempt " + signals.attempt() + ".";
    }
}
