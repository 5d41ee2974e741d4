package io.gradwatch.telemetry.rules;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Values for some of a rule's parameters, by the names that {@link RuleDescription} gives them; the others stay. For one rule
 * and one thread.
 */
public final class Parameters {
    private final Map<String, Double> given;
    private final Set<String> known = new TreeSet<>();

    Parameters(Map<String, Double> given) {
        this.given = given;
    }

    /**
     * A rule with other parameters.
     *
     * @param values by their names
     * @throws IllegalArgumentException there is no such parameter, or its value is not accepted
     */
    public static Rule change(Rule rule, Map<String, Double> values) {
        if (values.isEmpty()) {
            return rule;
        }
        Parameters parameters = new Parameters(values);
        try {
            Rule changed = rule.with(parameters);
            parameters.requireAllKnown();
            return changed;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(rule.name() + ": " + e.getMessage(), e);
        }
    }

    /** Names of the parameters of a rule that can be changed; of a length of training one for each unit. */
    public static Set<String> names(Rule rule) {
        Parameters parameters = new Parameters(Map.of());
        Rule unused = rule.with(parameters);
        return Collections.unmodifiableSet(parameters.known);
    }

    /** The value of a parameter. */
    public double number(String name, double standard) {
        known.add(name);
        Double value = given.get(name);
        if (value == null) {
            return standard;
        }
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " is " + value + "; accepted are finite numbers");
        }
        return value;
    }

    /** The value of a parameter that counts. */
    public int whole(String name, int standard) {
        double value = number(name, standard);
        if (value != Math.rint(value) || value < 0 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(name + " is " + value + "; accepted are whole numbers from 0 on");
        }
        return (int) value;
    }

    /** A length of training, in whichever unit it is given. */
    Span span(String before, String after, Span standard) {
        Span span = standard;
        for (Span.Unit unit : Span.Unit.values()) {
            String name = before + unit.name().toLowerCase(Locale.ROOT) + after;
            known.add(name);
            if (given.containsKey(name)) {
                double amount = number(name, 0);
                if (!(amount > 0)) {
                    throw new IllegalArgumentException(name + " is " + amount + "; accepted are numbers above 0");
                }
                span = new Span(amount, unit);
            }
        }
        return span;
    }

    /** {@code for_…}, {@code keep_…} and {@code warm_up_iterations}. */
    public Timing timing(Timing standard) {
        return new Timing(
                span("for_", "", standard.forSpan()),
                span("keep_", "", standard.keepSpan()),
                whole("warm_up_iterations", standard.warmUpIterations()));
    }

    /** @throws IllegalArgumentException a value was given for something that the rule has not asked for */
    void requireAllKnown() {
        for (String name : new TreeSet<>(given.keySet())) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(name + " is no parameter that can be changed; accepted are "
                        + (known.isEmpty() ? "none" : String.join(", ", known)));
            }
        }
    }
}
