package io.gradwatch.telemetry.control;

import io.gradwatch.contract.v1.Alert;
import java.util.List;
import java.util.Optional;

/**
 * Which rules act, and how, when their alerts fire. Pure data; by default no rule acts.
 *
 * @param entries of several for one rule and severity the first counts
 */
public record ActionPolicy(List<Entry> entries) {
    /** No rule acts. */
    public static final ActionPolicy NONE = new ActionPolicy(List.of());

    public ActionPolicy {
        entries = List.copyOf(entries);
    }

    /**
     * What a rule does.
     *
     * @param rule its name
     * @param severity only when its alert is of this severity; empty: whatever it is
     * @param dryRun true: it is only written down what would have been done
     */
    public record Entry(String rule, Optional<Alert.Severity> severity, ControlAction action, boolean dryRun) {}

    /** What is to be done when an alert fires; an entry for its very severity goes before one for any. */
    public Optional<Entry> of(String rule, Alert.Severity severity) {
        return entries.stream()
                .filter(e -> e.rule().equals(rule) && e.severity().equals(Optional.of(severity)))
                .findFirst()
                .or(() -> entries.stream()
                        .filter(e -> e.rule().equals(rule) && e.severity().isEmpty())
                        .findFirst());
    }

    /** These entries before those of another policy. */
    public ActionPolicy before(ActionPolicy other) {
        return new ActionPolicy(java.util.stream.Stream.concat(entries.stream(), other.entries.stream())
                .toList());
    }
}
