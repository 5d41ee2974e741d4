package io.gradwatch.telemetry.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A part of a list that several services have pieces of.
 *
 * @param items in the order of their places
 * @param next where the next part begins; empty for the last
 */
record Merged<T, P>(List<T> items, Optional<P> next) {
    /** An item and where it stands in the whole list. */
    record Placed<T, P>(T item, P place) {}

    /**
     * What one service has of the list from some place on.
     *
     * @param end behind which it has more; empty: nothing more
     */
    record Piece<T, P>(List<Placed<T, P>> items, Optional<P> end) {
        Piece {
            items = List.copyOf(items);
        }
    }

    Merged {
        items = List.copyOf(items);
    }

    /**
     * Puts the pieces together. What a piece has behind its end is not known yet: so the part ends there, if it
     * has not before.
     *
     * @param order of the whole list; no two places are equal
     * @param limit most items
     */
    static <T, P> Merged<T, P> of(List<Piece<T, P>> pieces, Comparator<P> order, int limit) {
        List<Placed<T, P>> all = new ArrayList<>();
        pieces.forEach(piece -> all.addAll(piece.items()));
        all.sort((a, b) -> order.compare(a.place(), b.place()));
        Optional<P> horizon =
                pieces.stream().flatMap(piece -> piece.end().stream()).min(order);
        List<Placed<T, P>> part = new ArrayList<>();
        for (Placed<T, P> one : all) {
            boolean beyond =
                    horizon.map(place -> order.compare(one.place(), place) > 0).orElse(false);
            if (part.size() == limit || beyond) {
                break;
            }
            part.add(one);
        }
        boolean isMore = horizon.isPresent() || all.size() > part.size();
        return new Merged<>(
                part.stream().map(Placed::item).toList(),
                !isMore
                        ? Optional.empty()
                        : part.size() == limit
                                ? Optional.of(part.get(part.size() - 1).place())
                                : horizon);
    }
}
