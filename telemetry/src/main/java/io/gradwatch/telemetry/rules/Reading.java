package io.gradwatch.telemetry.rules;

import io.gradwatch.contract.v1.Alert.Severity;

/**
 * What a rule's conditions say of one iteration.
 *
 * @param level the highest severity whose condition holds; {@code SEVERITY_UNSPECIFIED} when none does
 * @param clear whether the condition is clearly gone; between {@code level} and {@code clear} lies the hysteresis
 */
public record Reading(Severity level, boolean clear) {
    /** What holds is not gone, whatever the limits of the two are. */
    public Reading {
        clear = clear && level == Severity.SEVERITY_UNSPECIFIED;
    }

    boolean holds() {
        return level != Severity.SEVERITY_UNSPECIFIED;
    }

    boolean holdsAt(Severity severity) {
        return holds() && level.compareTo(severity) >= 0;
    }
}
