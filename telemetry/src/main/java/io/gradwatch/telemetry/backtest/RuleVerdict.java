package io.gradwatch.telemetry.backtest;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.contract.v1.Alert.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one rule said of one run.
 *
 * @param transitions of its alerts, in their order; empty: nothing
 */
public record RuleVerdict(String rule, int version, List<Step> transitions) {
    public RuleVerdict {
        transitions = List.copyOf(transitions);
    }

    /**
     * A transition as it would have been sent.
     *
     * @param attempt of the record that led to it
     * @param epoch of that record, 0-based
     */
    public record Step(Alert alert, int attempt, long epoch) {
        /** Of the record. */
        public long iteration() {
            return alert.getLastIteration();
        }
    }

    /** The first firing of each alert, in their order. */
    public List<Step> firings() {
        Set<String> fired = new HashSet<>();
        List<Step> firings = new ArrayList<>();
        for (Step step : transitions) {
            if (step.alert().getState() == State.FIRING
                    && fired.add(step.alert().getAlertId())) {
                firings.add(step);
            }
        }
        return firings;
    }

    /** Where it first fired; empty: never. */
    public Optional<Step> first() {
        return firings().stream().findFirst();
    }

    /** Whether it fired. */
    public boolean fired() {
        return first().isPresent();
    }

    /** The highest severity at which it fired; empty: it did not. */
    public Optional<Severity> worst() {
        return transitions.stream()
                .map(Step::alert)
                .filter(alert -> alert.getState() == State.FIRING)
                .map(Alert::getSeverity)
                .max(Comparator.naturalOrder());
    }
}
