package io.gradwatch.telemetry.notify;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.contract.v1.Alert.State;
import java.util.Set;

/**
 * What a channel is told.
 *
 * @param least severity from which on
 * @param states into which an alert goes
 * @param rules names; empty: all
 */
public record Filter(Severity least, Set<State> states, Set<String> rules) {
    public Filter {
        states = Set.copyOf(states);
        rules = Set.copyOf(rules);
    }

    boolean accepts(Alert alert) {
        return alert.getSeverity().getNumber() >= least.getNumber()
                && states.contains(alert.getState())
                && (rules.isEmpty() || rules.contains(alert.getRule()));
    }
}
