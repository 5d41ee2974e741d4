package io.gradwatch.telemetry.rules;

import static io.gradwatch.contract.v1.Alert.Severity.INFO;
import static io.gradwatch.contract.v1.Alert.Severity.SEVERITY_UNSPECIFIED;
import static io.gradwatch.contract.v1.Alert.Severity.WARNING;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.contract.v1.Iteration;
import java.util.Locale;
import java.util.Set;

/**
 * Iterations of this run are missing here: the trainer could not deliver them and counted them, or there is a gap in the
 * numbers.
 *
 * <p>Memory: dropped as told last, last iteration, its attempt, missing in all, missing in the present burst, iterations
 * since the last loss.
 *
 * @param burstIterations without a loss after which a burst is over
 * @param warningShare of all iterations missing from which it is a warning
 */
record TelemetryLoss(int version, int burstIterations, double warningShare, Timing timing) implements Rule {
    static final TelemetryLoss STANDARD = new TelemetryLoss(1, 100, 0.01, new Timing(1, 500, 0));

    @Override
    public String name() {
        return "telemetry-loss";
    }

    @Override
    public RuleDescription description() {
        return new RuleDescription(
                name(),
                version,
                WARNING,
                "Iterations of the run are missing: the trainer could not deliver them. A warning from one in a hundred.",
                new Named()
                        .with("burst_iterations", burstIterations)
                        .with("warning_share", warningShare)
                        .with(timing)
                        .map());
    }

    @Override
    public Set<String> catches() {
        return Set.of("telemetry-loss");
    }

    @Override
    public Rule with(Parameters p) {
        return new TelemetryLoss(
                version,
                p.whole("burst_iterations", burstIterations),
                p.number("warning_share", warningShare),
                p.timing(timing));
    }

    @Override
    public Look look(Signals signals, double[] memory, boolean open) {
        Iteration iteration = signals.iteration();
        if (iteration == null) {
            return Look.none(memory);
        }
        boolean first = memory.length == 0 || memory[2] != signals.attempt();
        double lost = first
                ? iteration.getDropped()
                : Math.max(iteration.getDropped() - memory[0], iteration.getIteration() - memory[1] - 1);
        double inAll = (memory.length == 0 ? 0 : memory[3]) + lost;
        double since = lost > 0 ? 0 : memory.length == 0 ? burstIterations : memory[5] + 1;
        double burst = since >= burstIterations ? 0 : (memory.length == 0 ? 0 : memory[4]) + lost;
        double[] next = {iteration.getDropped(), iteration.getIteration(), signals.attempt(), inAll, burst, since};
        Severity level = burst == 0
                ? SEVERITY_UNSPECIFIED
                : inAll > warningShare * (inAll + signals.evaluated()) ? WARNING : INFO;
        return Look.of(next, new Reading(level, level == SEVERITY_UNSPECIFIED));
    }

    @Override
    public Finding explain(Signals signals, double[] memory, Severity severity) {
        return Finding.ofRun(
                String.format(
                        Locale.ROOT,
                        "%.0f iterations of this run are missing, %.0f so far in all: the trainer could not deliver them.",
                        memory[4],
                        memory[3]),
                new Named()
                        .with("missing_now", memory[4])
                        .with("missing_in_all", memory[3])
                        .with("dropped_as_told", memory[0])
                        .map(),
                description().parameters());
    }

    @Override
    public String relief(Signals signals, double[] memory) {
        return String.format(Locale.ROOT, "No further iteration is missing; %.0f are in all.", memory[3]);
    }
}
