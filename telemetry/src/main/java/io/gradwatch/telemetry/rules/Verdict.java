package io.gradwatch.telemetry.rules;

import io.gradwatch.contract.v1.Alert;
import java.util.List;

/**
 * What one record led to.
 *
 * @param state the run's state after the record; the same object as before when the record changed nothing
 * @param transitions alerts that began, changed or ended with this record, in the order of the rules; usually empty. Each
 *     is ready to be sent on {@code gradwatch.alerts}, in an envelope with the record's run id and attempt
 */
public record Verdict(RunState state, List<Alert> transitions) {
    public Verdict {
        transitions = List.copyOf(transitions);
    }
}
