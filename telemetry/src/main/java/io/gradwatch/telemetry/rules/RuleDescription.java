package io.gradwatch.telemetry.rules;

import io.gradwatch.contract.v1.Alert.Severity;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A rule as people and {@code GET /rules} see it.
 *
 * @param rule its name, as in alerts
 * @param version grows whenever its meaning or a parameter changes
 * @param severity the highest severity that it can reach
 * @param description what it says, in a sentence or two
 * @param parameters every number that it compares or counts with, by name, in a fixed order; units are in the names
 * @param catches labels of runs that it is meant to fire on
 */
public record RuleDescription(
        String rule,
        int version,
        Severity severity,
        String description,
        Map<String, Double> parameters,
        Set<String> catches) {
    public RuleDescription {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        catches = Set.copyOf(catches);
    }

    /** A rule that is not meant for any label, or does not say so itself. */
    public RuleDescription(
            String rule, int version, Severity severity, String description, Map<String, Double> parameters) {
        this(rule, version, severity, description, parameters, Set.of());
    }
}
