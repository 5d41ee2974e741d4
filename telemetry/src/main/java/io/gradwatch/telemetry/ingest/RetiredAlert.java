package io.gradwatch.telemetry.ingest;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.telemetry.rules.RuleEngine;
import io.gradwatch.telemetry.runs.RunSummary;

/** The last transition of an alert whose rule is not in force any more. */
final class RetiredAlert {
    private RetiredAlert() {}

    static Alert of(Alert open, RunSummary run, RuleEngine rules, long nowMs) {
        boolean changed = rules.descriptions().stream().anyMatch(d -> d.rule().equals(open.getRule()));
        Long iteration = run.iteration();
        Alert.Builder last = open.toBuilder()
                .setTransition(open.getTransition() + 1)
                .setState(Alert.State.RESOLVED)
                .setSinceMs(nowMs)
                .setMessage(
                        changed
                                ? "The rule was changed: this alert of its former version ends here."
                                : "The rule was removed or turned off: this alert ends here.");
        if (iteration != null && iteration >= open.getLastIteration()) {
            last.setLastIteration(iteration).setLastOffset(run.seq());
        }
        return last.build();
    }
}
