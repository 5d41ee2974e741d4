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
 * The gradient loses many decades on its way from the loss to the input.
 *
 * @param warningDecades decades lost from which it is a warning, if the start is below {@code startLog10} as well
 * @param startLog10 log10 of the gradient of the first layers under which the loss of decades matters
 * @param criticalDecades decades lost from which it is critical
 * @param clearDecades decades lost under which the condition is gone
 * @param cutDecades a drop between neighbours smaller than this is not named as the cut
 */
record VanishDepth(
        int version,
        double warningDecades,
        double startLog10,
        double criticalDecades,
        double clearDecades,
        double cutDecades,
        Timing timing)
        implements Rule {
    static final VanishDepth STANDARD = new VanishDepth(1, 3, -6, 6, 2, 1, new Timing(50, 200, 50));

    VanishDepth {
        if (!(clearDecades < warningDecades && warningDecades <= criticalDecades)) {
            throw new IllegalArgumentException("vanish-depth: clear " + clearDecades + ", warning " + warningDecades
                    + " and critical " + criticalDecades + " decades must ascend");
        }
    }

    @Override
    public String name() {
        return "vanish-depth";
    }

    @Override
    public RuleDescription description() {
        Map<String, Double> parameters = new LinkedHashMap<>();
        parameters.put("warning_decades", warningDecades);
        parameters.put("start_log10", startLog10);
        parameters.put("critical_decades", criticalDecades);
        parameters.put("clear_decades", clearDecades);
        parameters.put("cut_decades", cutDecades);
        timing.describe(parameters);
        return new RuleDescription(
                name(),
                version,
                CRITICAL,
                "The gradient loses decades between the last layers and the first: warning from 3 with less than 1e-6 left,"
                        + " critical from 6.",
                parameters);
    }

    @Override
    public Set<String> catches() {
        return Set.of("vanishing");
    }

    @Override
    public Rule with(Parameters p) {
        return new VanishDepth(
                version,
                p.number("warning_decades", warningDecades),
                p.number("start_log10", startLog10),
                p.number("critical_decades", criticalDecades),
                p.number("clear_decades", clearDecades),
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
        double lost = profile.lost();
        Severity level = lost >= criticalDecades
                ? CRITICAL
                : lost >= warningDecades && profile.start() < startLog10 ? WARNING : SEVERITY_UNSPECIFIED;
        return new Reading(level, lost < clearDecades);
    }

    @Override
    public String relief(Signals signals, double[] memory) {
        DepthProfile profile = signals.profile();
        return "The gradient loses " + Words.decades(profile.lost()) + " from the last layers to the first.";
    }

    @Override
    public Finding explain(Signals signals, double[] memory, Severity severity) {
        DepthProfile profile = signals.profile();
        String message = "The gradient loses " + Words.decades(profile.lost()) + " from the last layers to the first, "
                + Words.magnitude(profile.end()) + " to " + Words.magnitude(profile.start()) + ". "
                + Words.whereLost(profile, cutDecades);
        double end = profile.end();
        return new Finding(
                Words.concern(profile, v -> v <= end - warningDecades, cutDecades),
                message,
                Words.inputs(profile),
                description().parameters());
    }
}
