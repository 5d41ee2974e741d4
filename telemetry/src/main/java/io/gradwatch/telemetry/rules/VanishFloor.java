package io.gradwatch.telemetry.rules;

import static io.gradwatch.contract.v1.Alert.Severity.CRITICAL;
import static io.gradwatch.contract.v1.Alert.Severity.SEVERITY_UNSPECIFIED;
import static io.gradwatch.contract.v1.Alert.Severity.WARNING;

import io.gradwatch.contract.v1.Alert.Severity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Many layers receive a gradient that is too small to move their weights. Adam's ε, 1e-8, is the floor: below it the
 * optimiser stops moving weights. A layer whose gradient is zero throughout, a frozen one among them, counts as below it.
 *
 * @param warningLog10 a layer below 10 to this power counts for a warning
 * @param warningShare share of such layers from which it is a warning
 * @param criticalLog10 a layer below 10 to this power counts for a critical alert
 * @param criticalShare share of such layers from which it is critical
 * @param clearShare share of layers below {@code warningLog10} under which the condition is gone
 * @param cutDecades a drop between neighbours smaller than this is not named as the cut
 */
record VanishFloor(
        int version,
        double warningLog10,
        double warningShare,
        double criticalLog10,
        double criticalShare,
        double clearShare,
        double cutDecades,
        Timing timing)
        implements Rule {
    static final VanishFloor STANDARD = new VanishFloor(1, -7, 0.25, -8, 0.5, 0.10, 1, new Timing(20, 200, 20));

    VanishFloor {
        if (!(clearShare < warningShare && clearShare < criticalShare && criticalLog10 <= warningLog10)) {
            throw new IllegalArgumentException("vanish-floor: clear share " + clearShare + " must be below the shares "
                    + warningShare + " and " + criticalShare + ", and the critical level " + criticalLog10
                    + " not above the warning level " + warningLog10);
        }
    }

    @Override
    public String name() {
        return "vanish-floor";
    }

    @Override
    public RuleDescription description() {
        Map<String, Double> parameters = new LinkedHashMap<>();
        parameters.put("warning_log10", warningLog10);
        parameters.put("warning_share", warningShare);
        parameters.put("critical_log10", criticalLog10);
        parameters.put("critical_share", criticalShare);
        parameters.put("clear_share", clearShare);
        parameters.put("cut_decades", cutDecades);
        timing.describe(parameters);
        return new RuleDescription(
                name(),
                version,
                CRITICAL,
                "Many layers receive a gradient too small to move their weights: warning at a quarter of the layers below"
                        + " 1e-7, critical at half of them below 1e-8, Adam's ε.",
                parameters);
    }

    @Override
    public Set<String> catches() {
        return Set.of("vanishing");
    }

    @Override
    public Rule with(Parameters p) {
        return new VanishFloor(
                version,
                p.number("warning_log10", warningLog10),
                p.number("warning_share", warningShare),
                p.number("critical_log10", criticalLog10),
                p.number("critical_share", criticalShare),
                p.number("clear_share", clearShare),
                p.number("cut_decades", cutDecades),
                p.timing(timing));
    }

    @Override
    public List<String> inhibitors() {
        return StandardRules.NON_FINITE;
    }

    @Override
    public Look look(Signals signals, double[] memory, boolean open) {
        return signals.iteration() == null || signals.profile().size() == 0
                ? Look.none(memory)
                : Look.of(read(signals.profile()));
    }

    private Reading read(DepthProfile profile) {
        double n = profile.size();
        double belowWarning = profile.below(warningLog10) / n;
        Severity level = profile.below(criticalLog10) / n >= criticalShare
                ? CRITICAL
                : belowWarning >= warningShare ? WARNING : SEVERITY_UNSPECIFIED;
        return new Reading(level, belowWarning < clearShare);
    }

    @Override
    public String relief(Signals signals, double[] memory) {
        DepthProfile profile = signals.profile();
        return profile.below(warningLog10) + " of " + profile.size() + " layers receive a gradient below "
                + Words.powerOfTen(warningLog10) + ".";
    }

    @Override
    public Finding explain(Signals signals, double[] memory, Severity severity) {
        DepthProfile profile = signals.profile();
        double level = severity == CRITICAL ? criticalLog10 : warningLog10;
        long below = profile.below(level);
        String message = Words.share(below, profile.size()) + " a gradient below " + Words.powerOfTen(level)
                + (level == -8 ? ", Adam's ε" : "")
                + (severity == CRITICAL ? ": they do not learn. " : ": they hardly learn. ")
                + Words.whereLost(profile, cutDecades);
        Map<String, Double> inputs = Words.inputs(profile);
        inputs.put("share_below_warning_level", profile.below(warningLog10) / (double) profile.size());
        inputs.put("share_below_critical_level", profile.below(criticalLog10) / (double) profile.size());
        return new Finding(
                Words.concern(profile, v -> v < level, cutDecades),
                message,
                inputs,
                description().parameters());
    }
}
