package io.gradwatch.telemetry.rules;

import static io.gradwatch.contract.v1.Alert.Severity.SEVERITY_UNSPECIFIED;
import static io.gradwatch.contract.v1.Alert.Severity.WARNING;

import io.gradwatch.contract.v1.ActivationStatistics;
import io.gradwatch.contract.v1.Alert.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Many channels see only one side of their activation: at least 99 % of their pre-activations are negative. With ReLU they
 * are dead, with leaky ReLU they are linear. Judged where activations are sampled.
 *
 * <p>Memory: number of the iteration of the last sample.
 *
 * @param share of channels, as mean over the layers, from which it is an alert
 * @param clearShare below which it is gone
 * @param ofLayer share of its channels from which a layer is named
 */
record OneSidedUnits(int version, double share, double clearShare, double ofLayer, Timing timing) implements Rule {
    static final OneSidedUnits STANDARD = new OneSidedUnits(1, 0.5, 0.35, 0.5, new Timing(100, 200, 0));

    @Override
    public String name() {
        return "one-sided-units";
    }

    @Override
    public RuleDescription description() {
        return new RuleDescription(
                name(),
                version,
                WARNING,
                "Half of the channels see only the negative side of their activation: dead with ReLU, linear with leaky ReLU."
                        + " Judged where activations are sampled.",
                new Named()
                        .with("share", share)
                        .with("clear_share", clearShare)
                        .with("share_of_named_layer", ofLayer)
                        .with(timing)
                        .map());
    }

    @Override
    public Set<String> catches() {
        return Set.of("one-sided");
    }

    @Override
    public Rule with(Parameters p) {
        return new OneSidedUnits(
                version,
                p.number("share", share),
                p.number("clear_share", clearShare),
                p.number("share_of_named_layer", ofLayer),
                p.timing(timing));
    }

    @Override
    public List<String> inhibitors() {
        return StandardRules.VANISHED;
    }

    @Override
    public Look look(Signals signals, double[] memory, boolean open) {
        double mean = mean(statistics(signals));
        if (Double.isNaN(mean)) {
            return Look.none(memory);
        }
        double[] next = {signals.evaluated()};
        int stands = memory.length == 0 ? 1 : (int) Math.min(Integer.MAX_VALUE, signals.evaluated() - memory[0]);
        Severity level = mean >= share ? WARNING : SEVERITY_UNSPECIFIED;
        return new Look(next, new Reading(level, mean < clearShare), Math.max(1, stands));
    }

    private static ActivationStatistics statistics(Signals signals) {
        return signals.iteration() == null
                ? ActivationStatistics.getDefaultInstance()
                : signals.iteration().getActivations();
    }

    /** Over the layers of which it can be told; NaN without any. */
    private static double mean(ActivationStatistics s) {
        double sum = 0;
        int layers = 0;
        for (int l = 0; l < s.getOneSidedFractionCount(); l++) {
            if (!Float.isNaN(s.getOneSidedFraction(l))) {
                sum += s.getOneSidedFraction(l);
                layers++;
            }
        }
        return layers == 0 ? Double.NaN : sum / layers;
    }

    @Override
    public Finding explain(Signals signals, double[] memory, Severity severity) {
        ActivationStatistics s = statistics(signals);
        List<Integer> layers = new ArrayList<>();
        for (int l = 0; l < s.getOneSidedFractionCount(); l++) {
            if (s.getOneSidedFraction(l) >= ofLayer) {
                layers.add(l);
            }
        }
        return Finding.ofLayers(
                layers,
                String.format(
                        Locale.ROOT,
                        "%.0f %% of the channels see only negative values before their activation; in %d layers it is half"
                                + " of them or more.",
                        100 * mean(s),
                        layers.size()),
                new Named().with("share", mean(s)).with("layers", layers.size()).map(),
                description().parameters());
    }

    @Override
    public String relief(Signals signals, double[] memory) {
        return String.format(
                Locale.ROOT,
                "%.0f %% of the channels see only negative values before their activation.",
                100 * mean(statistics(signals)));
    }
}
