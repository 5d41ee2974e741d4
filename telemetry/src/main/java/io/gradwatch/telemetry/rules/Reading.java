package io.gradwatch.telemetry.rules;

import io.gradwatch.contract.v1.Alert.Severity;

/**
 * What a rule's conditions say of one iteration.
 *
 * @param level the highest severity whose condition holds; {@code SEVERITY_UNSPECIFIED} when none does
 * @param clear whether the condition is clearly gone; between {@code level} and {@code clear} lies the hysteresis
 */
public record Reading(Severity level, boolean clear) {
    public Reading {
        if (clear && level != Severity.SEVERITY_UNSPECIFIED) {
            throw new IllegalArgumentException("a rule that is clear cannot hold at " + level);
        }
    }

    boolean holds() {
        return level != Severity.SEVERITY_UNSPECIFIED;
    }

    boolean holdsAt(Severity severity) {
        return holds() && level.compareTo(severity) >= 0;
    }
}
