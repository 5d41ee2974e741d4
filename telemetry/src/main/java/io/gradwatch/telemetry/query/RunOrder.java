package io.gradwatch.telemetry.query;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * In which order runs are listed; equal ones the newest first. Runs without a value come last, whatever the direction.
 *
 * @param keys most important first, at least one
 */
public record RunOrder(List<Key> keys) {
    /** Most fields to sort by. */
    public static final int MOST_KEYS = 4;

    /** Newest first. */
    public static final RunOrder NEWEST = new RunOrder(List.of(new Key(Field.of("started"), true)));

    /** What is accepted. */
    public static final String FORM = "1 to " + MOST_KEYS
            + " names of fields with one value a run, separated by commas; - before a name sorts downwards: -best_accuracy,started";

    /** One field to sort by. */
    public record Key(Field field, boolean descending) {}

    public RunOrder {
        keys = List.copyOf(keys);
    }

    /**
     * Reads names separated by commas.
     *
     * @throws QuerySyntaxException with the place
     */
    public static RunOrder parse(String text) throws QuerySyntaxException {
        List<Key> keys = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        int at = 0;
        for (String part : text.split(",", -1)) {
            boolean descending = part.startsWith("-");
            String name = descending || part.startsWith("+") ? part.substring(1) : part;
            if (!Field.isName(name)) {
                throw new QuerySyntaxException(
                        text, at, name.isEmpty() ? "a name is missing" : "\"" + name + "\" is no name", FORM);
            }
            Field field = Field.of(name);
            if (!field.sortable()) {
                throw new QuerySyntaxException(text, at, "a run has several of " + name, FORM);
            }
            if (!seen.add(field.name())) {
                throw new QuerySyntaxException(text, at, name + " is there twice", FORM);
            }
            if (keys.size() == MOST_KEYS) {
                throw new QuerySyntaxException(text, at, "there are too many names", FORM);
            }
            keys.add(new Key(field, descending));
            at += part.length() + 1;
        }
        return new RunOrder(keys);
    }
}
