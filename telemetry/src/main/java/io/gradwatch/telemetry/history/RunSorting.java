package io.gradwatch.telemetry.history;

import io.gradwatch.telemetry.query.Field;
import io.gradwatch.telemetry.query.RunOrder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The order of a list of runs as SQL. Each field becomes three columns that are never NULL: a rank (0 a number or a text, 1
 * NaN, or text where others have numbers, 2 nothing), which always rises, and number and text, in the direction asked for.
 */
final class RunSorting {
    private static final int MOST_TEXT = 200;

    private final RunOrder order;

    RunSorting(RunOrder order) {
        this.order = order;
    }

    /** What to select: {@code k0r, k0n, k0t, k1r, …}. */
    Sql.Part columns() {
        Sql.Part all = Sql.part("");
        for (int i = 0; i < order.keys().size(); i++) {
            all = all.with(columns(
                    order.keys().get(i).field(), ", %s AS k" + i + "r", ", %s AS k" + i + "n", ", %s AS k" + i + "t"));
        }
        return all;
    }

    private static Sql.Part columns(Field field, String rank, String number, String text) {
        return switch (field.kind()) {
            case WORD, TEXT, STATE, TRUTH -> {
                Sql.Part v = RunColumns.text(field);
                yield named(rank, v.within("CASE WHEN ", " IS NULL THEN 2 ELSE 0 END"))
                        .with(named(number, Sql.part("0::DOUBLE")))
                        .with(named(text, textKey(v)));
            }
            case TIME, DURATION -> {
                Sql.Part v = RunColumns.milliseconds(field);
                yield named(rank, v.within("CASE WHEN ", " IS NULL THEN 2 ELSE 0 END"))
                        .with(named(number, v.within("coalesce(", "::DOUBLE, 0)")))
                        .with(named(text, Sql.part("''")));
            }
            case NUMBER -> {
                Sql.Part v = RunColumns.number(field);
                yield named(
                                rank,
                                v.within("CASE WHEN ", " IS NULL THEN 2 ")
                                        .with(v.within("WHEN isnan(", ") THEN 1 ELSE 0 END")))
                        .with(named(number, numberKey(v)))
                        .with(named(text, Sql.part("''")));
            }
            case PARAMETER -> {
                Sql.Part v = RunColumns.number(field);
                Sql.Part t = RunColumns.text(field);
                yield named(
                                rank,
                                t.within("CASE WHEN ", " IS NULL THEN 2 ")
                                        .with(v.within("WHEN ", " IS NULL "))
                                        .with(v.within("OR isnan(", ") THEN 1 ELSE 0 END")))
                        .with(named(number, numberKey(v)))
                        .with(named(
                                text,
                                v.within("CASE WHEN ", " IS NULL THEN ")
                                        .with(textKey(t))
                                        .with(" ELSE '' END")));
            }
            case WORDS -> throw new IllegalArgumentException(field.name());
        };
    }

    private static Sql.Part numberKey(Sql.Part v) {
        return v.within("CASE WHEN ", " IS NULL ")
                .with(v.within("OR isnan(", ") THEN 0 "))
                .with(v.within("ELSE ", " END"));
    }

    private static Sql.Part textKey(Sql.Part v) {
        return v.within("coalesce(left(lower(", "), " + MOST_TEXT + "), '')");
    }

    private static Sql.Part named(String form, Sql.Part part) {
        String[] ends = form.split("%s", -1);
        return part.within(ends[0], ends[1]);
    }

    /** What follows {@code ORDER BY}. */
    String orderBy() {
        List<String> terms = new ArrayList<>();
        for (int i = 0; i < order.keys().size(); i++) {
            String direction = order.keys().get(i).descending() ? " DESC" : "";
            terms.add("k" + i + "r, k" + i + "n" + direction + ", k" + i + "t" + direction);
        }
        return String.join(", ", terms) + ", started_at DESC, tie DESC";
    }

    /** A condition that holds behind a place. */
    Sql.Part behind(RunQueries.Position place) {
        Sql.Part behind = Sql.part(
                "(started_at < ? OR (started_at = ? AND tie < ?))",
                place.startedAtMs(),
                place.startedAtMs(),
                place.tie());
        for (int i = order.keys().size() - 1; i >= 0; i--) {
            RunQueries.Key key = place.keys().get(i);
            String sign = order.keys().get(i).descending() ? " < ?" : " > ?";
            behind = after("k" + i + "t", sign, key.text(), behind);
            behind = after("k" + i + "n", sign, key.number(), behind);
            behind = after("k" + i + "r", " > ?", key.rank(), behind);
        }
        return behind;
    }

    private static Sql.Part after(String column, String sign, Object value, Sql.Part whenEqual) {
        return Sql.part("(" + column + sign + " OR (" + column + " = ? AND ", value, value)
                .with(whenEqual)
                .with("))");
    }

    /** The place of a row that has {@link #columns}, {@code started_at} and {@code tie}. */
    RunQueries.Position position(ResultSet row) throws SQLException {
        List<RunQueries.Key> keys = new ArrayList<>();
        for (int i = 0; i < order.keys().size(); i++) {
            keys.add(new RunQueries.Key(
                    row.getInt("k" + i + "r"), row.getDouble("k" + i + "n"), row.getString("k" + i + "t")));
        }
        return new RunQueries.Position(keys, row.getLong("started_at"), row.getString("tie"));
    }
}
