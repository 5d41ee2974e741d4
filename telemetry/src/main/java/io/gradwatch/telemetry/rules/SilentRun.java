package io.gradwatch.telemetry.rules;

import static io.gradwatch.contract.v1.Alert.Severity.SEVERITY_UNSPECIFIED;
import static io.gradwatch.contract.v1.Alert.Severity.WARNING;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.contract.v1.TrainerState;
import java.util.Locale;
import java.util.Set;

/**
 * Nothing comes from a run that has not ended. That nothing comes is no record; so the service that notices it puts a word into
 * the log, and another one when the run is heard of again. This rule judges these words, and its verdict does not depend on
 * when, or how often, the log is read.
 */
record SilentRun(int version, Timing timing) implements Rule {
    static final SilentRun STANDARD = new SilentRun(1, new Timing(1, 1, 0));

    @Override
    public String name() {
        return "silent-run";
    }

    @Override
    public RuleDescription description() {
        return new RuleDescription(
                name(),
                version,
                WARNING,
                "Nothing has come from a run for 30 seconds, or 20 times its median iteration where that is longer, and it"
                        + " has neither ended nor been paused.",
                new Named().map());
    }

    @Override
    public Set<String> catches() {
        return Set.of("silent");
    }

    @Override
    public boolean isJudgedByIterations() {
        return false;
    }

    @Override
    public Look look(Signals signals, double[] memory, boolean open) {
        TrainerState state = signals.trainer();
        if (state == null) {
            return Look.none(memory);
        }
        boolean silent = state.getState() == TrainerState.State.SILENT;
        return Look.of(memory, new Reading(silent ? WARNING : SEVERITY_UNSPECIFIED, !silent));
    }

    @Override
    public Finding explain(Signals signals, double[] memory, Severity severity) {
        TrainerState state = signals.trainer() == null ? TrainerState.getDefaultInstance() : signals.trainer();
        return Finding.ofRun(
                String.format(
                        Locale.ROOT,
                        "Nothing has come from this run for %.0f s; its newest iteration is %d. The trainer is dead, stuck, or"
                                + " cut off from Kafka.",
                        state.getSilentMs() / 1000.0,
                        state.getIteration()),
                new Named().with("silent_s", state.getSilentMs() / 1000.0).map(),
                new Named().with("patience_s", state.getPatienceMs() / 1000.0).map());
    }

    @Override
    public String relief(Signals signals, double[] memory) {
        return "The run is heard of again, or has told of its end.";
    }
}
