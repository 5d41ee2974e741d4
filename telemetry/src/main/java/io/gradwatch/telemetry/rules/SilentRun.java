package io.gradwatch.telemetry.rules;

import static io.gradwatch.contract.v1.Alert.Severity.CRITICAL;
import static io.gradwatch.contract.v1.Alert.Severity.SEVERITY_UNSPECIFIED;
import static io.gradwatch.contract.v1.Alert.Severity.WARNING;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.telemetry.rules.Signals.Silence;
import java.util.List;
import java.util.Locale;

/**
 * Nothing is heard of a run that has not ended. The other alerts of the run stay as they are.
 *
 * @param lostFactor times the allowed silence from which the run counts as lost
 */
record SilentRun(int version, double lostFactor, Timing timing) implements Rule {
    static final SilentRun STANDARD = new SilentRun(1, 10, new Timing(1, 1, 0));

    @Override
    public String name() {
        return "silent-run";
    }

    @Override
    public RuleDescription description() {
        return new RuleDescription(
                name(),
                version,
                CRITICAL,
                "Nothing has been heard of a run for 30 seconds, or for 20 of its usual iterations if those take longer;"
                        + " critical after ten times that.",
                new Named()
                        .with("allowed_seconds", 30)
                        .with("allowed_iteration_times", 20)
                        .with("critical_factor", lostFactor)
                        .with(timing)
                        .map());
    }

    @Override
    public Look look(Signals signals, double[] memory, boolean open) {
        Silence silence = signals.silence();
        if (silence == null) {
            return open && signals.iteration() != null
                    ? Look.of(memory, new Reading(SEVERITY_UNSPECIFIED, true))
                    : Look.none(memory);
        }
        Severity level = silence.ms() > lostFactor * silence.allowedMs()
                ? CRITICAL
                : silence.ms() > silence.allowedMs() ? WARNING : SEVERITY_UNSPECIFIED;
        return Look.of(memory, new Reading(level, level == SEVERITY_UNSPECIFIED));
    }

    @Override
    public Finding explain(Signals signals, double[] memory, Severity severity) {
        Silence silence = signals.silence();
        if (silence == null) {
            return Finding.NONE;
        }
        return Finding.ofRun(
                String.format(
                        Locale.ROOT,
                        "Nothing has been heard of this run for %.0f s, and it has not ended. Its process may be gone, or its"
                                + " way to Kafka.",
                        silence.ms() / 1000.0),
                new Named()
                        .with("silent_seconds", silence.ms() / 1000.0)
                        .with("allowed_seconds", silence.allowedMs() / 1000.0)
                        .map(),
                description().parameters());
    }

    @Override
    public String relief(Signals signals, double[] memory) {
        return "The run is heard of again, or has ended.";
    }

    @Override
    public List<String> inhibitors() {
        return List.of();
    }
}
