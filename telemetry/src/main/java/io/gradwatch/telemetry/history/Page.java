package io.gradwatch.telemetry.history;

import java.util.List;
import java.util.Optional;

/**
 * A part of a list.
 *
 * @param next where the rest begins, to be given to the same query; empty when this was the last part
 */
public record Page<T, C>(List<T> items, Optional<C> next) {
    public Page {
        items = List.copyOf(items);
    }
}
