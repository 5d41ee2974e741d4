package io.gradwatch.telemetry.http;

import io.vertx.core.MultiMap;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** A request's query, read strictly: what is not understood is refused with what is accepted, never ignored. */
final class QueryParameters {
    private final MultiMap given;

    private QueryParameters(MultiMap given) {
        this.given = given;
    }

    /**
     * Takes a query.
     *
     * @param known names of all parameters that the resource has
     * @throws ApiProblem when there is another one, or one twice
     */
    static QueryParameters of(MultiMap given, String... known) {
        Set<String> names = new TreeSet<>(List.of(known));
        for (String name : given.names()) {
            if (!names.contains(name)) {
                String accepted = names.isEmpty() ? "no parameter" : String.join(", ", names);
                throw new ApiProblem(
                        400, "there is no parameter " + name + "; accepted is " + accepted, name, accepted);
            }
            if (given.getAll(name).size() > 1) {
                throw new ApiProblem(400, name + " is given twice; accepted is once", name, "once");
            }
        }
        return new QueryParameters(given);
    }

    /** A parameter's value; an empty one counts as not given. */
    Optional<String> text(String name) {
        return Optional.ofNullable(given.get(name)).filter(value -> !value.isEmpty());
    }

    /** A parameter that must be given. */
    String needed(String name, String accepted) {
        return text(name)
                .orElseThrow(() -> new ApiProblem(400, name + " is missing; accepted is " + accepted, name, accepted));
    }

    /** A whole number from {@code least} to {@code most}. */
    long whole(String name, long fallback, long least, long most) {
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            return fallback;
        }
        return wholeNumber(value.get(), least, most)
                .orElseThrow(() -> ApiProblem.badValue(
                        name,
                        value.get(),
                        most == Long.MAX_VALUE
                                ? "a whole number of at least " + least
                                : "a whole number from " + least + " to " + most));
    }

    /** A number above {@code above}, at most {@code most}; empty without the parameter. */
    Optional<Double> number(String name, double above, double most, String accepted) {
        return text(name).map(value -> {
            if (value.matches("[0-9]{0,12}\\.?[0-9]{0,17}([eE][+-]?[0-9]{1,3})?") && value.matches(".*[0-9].*")) {
                try {
                    double number = Double.parseDouble(value);
                    if (number > above && number <= most) {
                        return number;
                    }
                } catch (NumberFormatException e) {
                    throw ApiProblem.badValue(name, value, accepted);
                }
            }
            throw ApiProblem.badValue(name, value, accepted);
        });
    }

    /** One of several words. */
    <T> Optional<T> oneOf(String name, Collection<String> words, Function<String, Optional<T>> reader) {
        return text(name)
                .map(value -> reader.apply(value)
                        .orElseThrow(() -> ApiProblem.badValue(name, value, "one of " + String.join(", ", words))));
    }

    static Optional<Long> wholeNumber(String text, long least, long most) {
        if (!text.matches("[0-9]{1,19}")) {
            return Optional.empty();
        }
        try {
            long value = Long.parseLong(text);
            return value >= least && value <= most ? Optional.of(value) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
