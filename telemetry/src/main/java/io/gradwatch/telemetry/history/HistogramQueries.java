package io.gradwatch.telemetry.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Questions about histograms. Any thread; methods block, and throw {@link HistoryException}. */
public final class HistogramQueries {
    /** What a histogram may be of. */
    public enum Kind {
        GRADIENT,
        PARAMETER;

        /** The name in the API and in history. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The kind of this name, or empty. */
        public static Optional<Kind> of(String label) {
            return List.of(values()).stream()
                    .filter(k -> k.label().equals(label))
                    .findFirst();
        }
    }

    private final Readers readers;

    HistogramQueries(Readers readers) {
        this.readers = readers;
    }

    /**
     * The iterations of {@code from <= iteration < to} of which there are histograms that count, ascending, the first
     * {@code most} of them.
     */
    public List<Long> iterations(RunExtent run, Kind kind, long from, long to, int most) {
        return readers.read(c -> Sql.query(
                c,
                "SELECT DISTINCT iteration FROM histograms WHERE run_key = ? AND kind = ? AND iteration >= ?"
                        + " AND iteration < ? AND " + run.visible() + " ORDER BY iteration LIMIT " + most,
                row -> row.getLong(1),
                run.runKey(),
                kind.label(),
                from,
                to));
    }

    /** The histograms of some layers with {@code first <= iteration <= last}, by iteration and layer. */
    public List<StoredHistogram> range(RunExtent run, Kind kind, List<Integer> layers, long first, long last) {
        if (layers.isEmpty()) {
            return List.of();
        }
        String wanted = String.join(", ", layers.stream().map(String::valueOf).toList());
        return readers.read(c -> Sql.query(
                c,
                "SELECT * FROM histograms WHERE run_key = ? AND kind = ? AND layer IN (" + wanted
                        + ") AND iteration >= ? AND iteration <= ? AND " + run.visible()
                        + " QUALIFY attempt = max(attempt) OVER (PARTITION BY iteration, layer)"
                        + " ORDER BY iteration, layer",
                HistogramQueries::histogram,
                run.runKey(),
                kind.label(),
                first,
                last));
    }

    private static StoredHistogram histogram(ResultSet row) throws SQLException {
        return new StoredHistogram(
                row.getLong("iteration"),
                row.getLong("epoch"),
                row.getInt("attempt"),
                row.getInt("layer"),
                row.getInt("first_bin"),
                longs(row.getArray("counts")),
                row.getLong("zeros"),
                row.getLong("below"),
                row.getLong("above"),
                row.getLong("not_finite"));
    }

    static List<Long> longs(java.sql.Array array) throws SQLException {
        List<Long> values = new ArrayList<>();
        for (Object value : (Object[]) array.getArray()) {
            values.add((Long) value);
        }
        return values;
    }
}
