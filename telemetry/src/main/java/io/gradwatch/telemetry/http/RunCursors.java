package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.history.RunQueries;
import io.gradwatch.telemetry.query.RunOrder;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Cursors of the list of runs: a place and the order that it is a place in. Opaque to clients. */
final class RunCursors {
    private RunCursors() {}

    static String of(RunOrder order, RunQueries.Position place) {
        JsonArray parts =
                new JsonArray().add(shown(order)).add(place.startedAtMs()).add(place.tie());
        // numbers as text: JSON has no infinity
        place.keys()
                .forEach(k ->
                        parts.add(k.rank()).add(Double.toString(k.number())).add(k.text()));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(parts.encode().getBytes(StandardCharsets.UTF_8));
    }

    /** The place of the parameter {@code cursor}, if it is given. */
    static Optional<RunQueries.Position> read(QueryParameters query, RunOrder order) {
        return query.text("cursor").map(cursor -> place(cursor, order));
    }

    /** The order of a list whose places these are. */
    static Comparator<RunQueries.Position> comparator(RunOrder order) {
        return (a, b) -> {
            for (int i = 0; i < order.keys().size(); i++) {
                RunQueries.Key x = a.keys().get(i);
                RunQueries.Key y = b.keys().get(i);
                int sign = order.keys().get(i).descending() ? -1 : 1;
                int rank = Integer.compare(x.rank(), y.rank());
                // 0.0 and -0.0 are equal to the database
                int number = x.number() == y.number() ? 0 : sign * Double.compare(x.number(), y.number());
                int text = sign * Texts.ORDER.compare(x.text(), y.text());
                int difference = rank != 0 ? rank : number != 0 ? number : text;
                if (difference != 0) {
                    return difference;
                }
            }
            int started = Long.compare(b.startedAtMs(), a.startedAtMs());
            return started != 0 ? started : Texts.ORDER.compare(b.tie(), a.tie());
        };
    }

    /**
     * The place that a cursor is.
     *
     * @throws ApiProblem it is none of this order
     */
    static RunQueries.Position place(String cursor, RunOrder order) {
        try {
            JsonArray parts = new JsonArray(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
            if (!parts.getString(0).equals(shown(order))
                    || parts.size() != 3 + 3 * order.keys().size()) {
                throw refused(cursor);
            }
            List<RunQueries.Key> keys = new ArrayList<>();
            for (int i = 3; i < parts.size(); i += 3) {
                keys.add(new RunQueries.Key(
                        parts.getInteger(i), Double.parseDouble(parts.getString(i + 1)), parts.getString(i + 2)));
            }
            return new RunQueries.Position(keys, parts.getLong(1), parts.getString(2));
        } catch (DecodeException
                | IllegalArgumentException
                | ClassCastException
                | IndexOutOfBoundsException
                | NullPointerException e) {
            throw refused(cursor);
        }
    }

    private static String shown(RunOrder order) {
        return String.join(
                ",",
                order.keys().stream()
                        .map(k -> (k.descending() ? "-" : "") + k.field().name())
                        .toList());
    }

    private static ApiProblem refused(String cursor) {
        return ApiProblem.badValue("cursor", cursor, "the \"next\" of the page before, with the same sort");
    }
}
