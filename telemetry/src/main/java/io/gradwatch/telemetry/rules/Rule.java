package io.gradwatch.telemetry.rules;

import io.gradwatch.contract.v1.Alert.Severity;
import java.util.List;
import java.util.Set;

/**
 * One rule with its parameters. Pure and immutable: a rule keeps what it remembers of a run in the memory that it is given, and
 * never throws, whatever a record holds.
 */
public interface Rule {
    /** As in alerts and in {@code GET /rules}. */
    String name();

    /**
     * Another one whenever the meaning or a parameter changes: what was remembered of a run, and its open alert, are of this
     * version alone.
     */
    int version();

    Timing timing();

    /** What names the rule in the ids of its alerts. */
    default String idInAlerts() {
        return name();
    }

    /** The timing where it depends on what else fires. */
    default Timing timing(Signals signals) {
        return timing();
    }

    RuleDescription description();

    /** Rules that keep this one from firing while they fire: what they say explains it. They come before it. */
    default List<String> inhibitors() {
        return List.of();
    }

    /**
     * Labels of runs that the rule is meant to fire on: a back-test counts what it caught and missed by them. Empty: it is
     * scored by none.
     */
    default Set<String> catches() {
        return Set.of();
    }

    /** Whether it judges iterations; else what comes beside them, whose place among them depends on how the log is read. */
    default boolean isJudgedByIterations() {
        return true;
    }

    /**
     * The rule with other parameters.
     *
     * @throws IllegalArgumentException a value is not accepted; the message says which and what is
     */
    default Rule with(Parameters parameters) {
        return this;
    }

    /**
     * Judges one event.
     *
     * @param memory what the rule remembered of the run; empty at first
     * @param open whether an alert of this rule is open: then baselines stay as they are, so that the trouble does not
     *     become normal
     */
    Look look(Signals signals, double[] memory, boolean open);

    /** Says why, for a transition at {@code severity}. */
    Finding explain(Signals signals, double[] memory, Severity severity);

    /** One sentence on the same figures when the condition is gone. */
    String relief(Signals signals, double[] memory);
}
