package io.gradwatch.telemetry.rules;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Other numbers for a standard rule. A rule is a record, and its description names its numbers: the component behind a name is
 * the one that changes the described number when it is changed.
 *
 * @param parameters new values, by the names of {@link #names}
 * @param forSpan null: as it is; likewise the others
 */
public record Adjustment(
        Map<String, Double> parameters,
        @Nullable Span forSpan,
        @Nullable Span keepSpan,
        @Nullable Integer warmUpIterations) {
    public Adjustment {
        parameters = Map.copyOf(parameters);
    }

    /** Names of the parameters of a standard rule that can be changed; for, keep and warm-up are not among them. */
    public static Set<String> names(Rule rule) {
        return components(rule).keySet();
    }

    /** The value that a parameter has now. */
    public static double value(Rule rule, String name) {
        return rule.description().parameters().getOrDefault(name, Double.NaN);
    }

    /**
     * The rule with these numbers.
     *
     * @param version of the rule that comes of it
     * @throws IllegalArgumentException a name is unknown, or the rule does not take a value; the message says why
     */
    public Rule of(Rule rule, int version) {
        Map<String, Integer> components = components(rule);
        Object[] values = values(rule);
        RecordComponent[] all = rule.getClass().getRecordComponents();
        for (int i = 0; i < all.length; i++) {
            if (all[i].getName().equals("version")) {
                values[i] = version;
            } else if (values[i] instanceof Timing t) {
                values[i] = new Timing(
                        forSpan == null ? t.forSpan() : forSpan,
                        keepSpan == null ? t.keepSpan() : keepSpan,
                        warmUpIterations == null ? t.warmUpIterations() : warmUpIterations);
            }
        }
        parameters.forEach((name, value) -> {
            Integer at = components.get(name);
            if (at == null) {
                throw new IllegalArgumentException(
                        rule.name() + " has no " + name + "; accepted are " + String.join(", ", components.keySet()));
            }
            values[at] = as(values[at], name, value);
        });
        return make(rule, values);
    }

    private static Object as(Object before, String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " is " + value + "; accepted are finite numbers");
        }
        if (before instanceof Integer) {
            if (value != Math.rint(value) || value < 0 || value > 1e9) {
                throw new IllegalArgumentException(name + " is " + value + "; accepted are whole numbers from 0 on");
            }
            return (int) value;
        }
        if (before instanceof Span span) {
            return new Span(value, span.unit());
        }
        if (name.contains("share") && !(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " is " + value + "; accepted are shares from 0 to 1");
        }
        return value;
    }

    private static Map<String, Integer> components(Rule rule) {
        Map<String, Integer> names = new LinkedHashMap<>();
        Map<String, Double> described = rule.description().parameters();
        Object[] values = values(rule);
        for (int i = 0; i < values.length; i++) {
            Object other = moved(values[i]);
            if (other == null
                    || rule.getClass().getRecordComponents()[i].getName().equals("version")) {
                continue;
            }
            Object[] changed = values.clone();
            changed[i] = other;
            Map<String, Double> after = make(rule, changed).description().parameters();
            for (Map.Entry<String, Double> parameter : described.entrySet()) {
                if (!parameter.getValue().equals(after.get(parameter.getKey()))) {
                    names.put(parameter.getKey(), i);
                }
            }
        }
        return names;
    }

    /** Something else of the kind, near enough for every rule to take it; null for what is no parameter. */
    private static @Nullable Object moved(Object value) {
        if (value instanceof Double number) {
            return number == 0 ? 1e-9 : number * (1 + 1e-9);
        }
        if (value instanceof Integer number) {
            return number + 1;
        }
        return value instanceof Span span ? new Span(span.amount() * 2, span.unit()) : null;
    }

    private static Object[] values(Rule rule) {
        RecordComponent[] components = rule.getClass().getRecordComponents();
        if (components == null) {
            throw new IllegalArgumentException(rule.name() + " is no standard rule");
        }
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            try {
                values[i] = components[i].getAccessor().invoke(rule);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException(rule.name(), e);
            }
        }
        return values;
    }

    private static Rule make(Rule rule, Object[] values) {
        RecordComponent[] components = rule.getClass().getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = components[i].getType();
        }
        try {
            return (Rule) rule.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalStateException(rule.name(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(rule.name(), e);
        }
    }
}
