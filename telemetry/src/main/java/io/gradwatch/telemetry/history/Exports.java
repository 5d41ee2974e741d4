package io.gradwatch.telemetry.history;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.telemetry.runs.AttemptRange;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whole tables of a run, piece by piece: however many rows there are, no more than a few thousand are in memory. Any
 * thread; {@code next()} blocks, and throws {@link HistoryException}.
 */
public final class Exports {
    /** Most iterations in a piece. */
    private static final int PIECE = 500;

    private final Readers readers;

    Exports(Readers readers) {
        this.readers = readers;
    }

    /** The tables that can be exported. */
    public enum Table {
        ITERATIONS,
        LAYERS,
        LAYER_SAMPLES,
        BATCH_NORMS,
        HISTOGRAMS,
        EPOCHS,
        ALERTS;

        /** The name in the API. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The table of this name, or empty. */
        public static Optional<Table> of(String label) {
            return Arrays.stream(values()).filter(t -> t.label().equals(label)).findFirst();
        }
    }

    /**
     * Some rows of a table.
     *
     * @param columns their names; the same in every piece
     * @param rows values in the order of the columns: null (not measured), String, Boolean, Long, Integer, Float, Double or
     *     a list of Long
     */
    public record Piece(List<String> columns, List<List<@Nullable Object>> rows) {}

    /** All rows of a run, of all attempts, in order of attempt and iteration. At least one piece, which may be empty. */
    public Iterator<Piece> export(RunExtent run, Table table) {
        return switch (table) {
            case ITERATIONS ->
                new ByIteration(
                        run,
                        "attempt, iteration, seq, produced_at, epoch, batch_size, loss, accuracy, learning_rate,"
                                + " iteration_ms, telemetry_ms, dropped, "
                                + String.join(", ", Schema.SAMPLED_COLUMNS),
                        "iterations",
                        "seq");
            case LAYERS ->
                new ByIteration(
                        run,
                        "attempt, iteration, layer, mean_abs, l2, max_abs, zero_fraction, nan_count, inf_count,"
                                + " parameter_l2, update_ratio",
                        "layer_values",
                        "seq, layer");
            case LAYER_SAMPLES ->
                new ByIteration(
                        run,
                        "attempt, iteration, layer, " + String.join(", ", Schema.LAYER_SAMPLES),
                        "layer_samples",
                        "seq, layer");
            case HISTOGRAMS -> new ByHistogram(run);
            case BATCH_NORMS ->
                new ByIteration(
                        run,
                        "attempt, iteration, " + IterationReader.BN_COLUMNS.substring("seq, ".length()),
                        "bn_values",
                        "seq, bn");
            case EPOCHS -> List.of(epochs(run)).iterator();
            case ALERTS -> List.of(alerts(run)).iterator();
        };
    }

    private Piece epochs(RunExtent run) {
        return readers.read(c -> piece(
                c,
                "SELECT attempt, epoch, iteration, produced_at, train_loss, train_accuracy, validation_loss,"
                        + " validation_accuracy, learning_rate, duration_ms, test_loss, test_accuracy FROM epochs"
                        + " WHERE run_key = ? ORDER BY attempt, epoch",
                run.runKey()));
    }

    private Piece alerts(RunExtent run) {
        record Row(int attempt, Alert alert) {}
        List<Row> transitions = readers.read(c -> Sql.query(
                c,
                "SELECT attempt, alert FROM transitions WHERE run_key = ? ORDER BY attempt, alert_key, transition",
                row -> new Row(row.getInt(1), RunRows.alert(row.getBytes(2))),
                run.runKey()));
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (Row t : transitions) {
            Alert a = t.alert();
            rows.add(Arrays.asList(
                    t.attempt(),
                    a.getLastIteration(),
                    a.getAlertId(),
                    a.getTransition(),
                    a.getRule(),
                    a.getRuleVersion(),
                    a.getSeverity().name().toLowerCase(Locale.ROOT),
                    AlertHistory.label(a.getState()),
                    a.getSinceMs(),
                    a.getFirstIteration(),
                    a.hasCutLayer() ? a.getCutLayer() : null,
                    a.getMessage()));
        }
        return new Piece(
                List.of(
                        "attempt",
                        "iteration",
                        "alert_id",
                        "transition",
                        "rule",
                        "rule_version",
                        "severity",
                        "state",
                        "since",
                        "first_iteration",
                        "cut_layer",
                        "message"),
                rows);
    }

    private static Piece piece(Connection c, String sql, Object... arguments) throws SQLException {
        List<String> columns = new ArrayList<>();
        List<List<@Nullable Object>> rows = Sql.query(
                c,
                sql,
                row -> {
                    if (columns.isEmpty()) {
                        columns.addAll(names(row));
                    }
                    return values(row, columns.size());
                },
                arguments);
        if (columns.isEmpty()) {
            int from = sql.indexOf(" FROM ");
            columns.addAll(List.of(sql.substring("SELECT ".length(), from).split(", ", -1)));
        }
        return new Piece(columns, rows);
    }

    private static List<String> names(ResultSet row) throws SQLException {
        ResultSetMetaData meta = row.getMetaData();
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            names.add(meta.getColumnName(i));
        }
        return names;
    }

    private static List<@Nullable Object> values(ResultSet row, int columns) throws SQLException {
        @Nullable Object[] values = new Object[columns];
        for (int i = 0; i < columns; i++) {
            Object value = row.getObject(i + 1);
            values[i] = value instanceof Array array ? HistogramQueries.longs(array) : value;
        }
        return Arrays.asList(values);
    }

    /** Some tens of histogram records at a time. They need not have an iteration record. */
    private final class ByHistogram implements Iterator<Piece> {
        private static final int RECORDS = 40;
        private static final String COLUMNS =
                "attempt, iteration, epoch, produced_at, kind, layer, first_bin, counts, zeros,"
                        + " below, above, not_finite";

        private final RunExtent run;
        private int attempt;
        private long iteration = -1;
        private boolean atEnd;

        ByHistogram(RunExtent run) {
            this.run = run;
        }

        @Override
        public boolean hasNext() {
            return !atEnd;
        }

        @Override
        public Piece next() {
            if (atEnd) {
                throw new NoSuchElementException();
            }
            return readers.read(c -> {
                record Place(int attempt, long iteration) {}
                List<Place> places = Sql.query(
                        c,
                        "SELECT DISTINCT attempt, iteration FROM histograms WHERE run_key = ? AND (attempt > ?"
                                + " OR (attempt = ? AND iteration > ?)) ORDER BY attempt, iteration LIMIT " + RECORDS,
                        row -> new Place(row.getInt(1), row.getLong(2)),
                        run.runKey(),
                        attempt,
                        attempt,
                        iteration);
                Place last = places.isEmpty() ? new Place(attempt, iteration) : places.get(places.size() - 1);
                Piece piece = piece(
                        c,
                        "SELECT " + COLUMNS + " FROM histograms WHERE run_key = ? AND (attempt > ?"
                                + " OR (attempt = ? AND iteration > ?)) AND (attempt < ? OR (attempt = ?"
                                + " AND iteration <= ?)) ORDER BY attempt, iteration, kind, layer",
                        run.runKey(),
                        attempt,
                        attempt,
                        iteration,
                        last.attempt(),
                        last.attempt(),
                        last.iteration());
                atEnd = places.size() < RECORDS;
                attempt = last.attempt();
                iteration = last.iteration();
                return piece;
            });
        }
    }

    /** Attempt by attempt, a few hundred iterations at a time. */
    private final class ByIteration implements Iterator<Piece> {
        private final RunExtent run;
        private final String columns;
        private final String table;
        private final String order;
        private int attempt;
        private long next;
        private boolean begun;

        ByIteration(RunExtent run, String columns, String table, String order) {
            this.run = run;
            this.columns = columns;
            this.table = table;
            this.order = order;
            this.next = run.attempts().isEmpty() ? 0 : run.attempts().get(0).firstIteration();
        }

        @Override
        public boolean hasNext() {
            return attempt < run.attempts().size() || !begun;
        }

        @Override
        public Piece next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            begun = true;
            if (run.attempts().isEmpty()) {
                attempt = 1;
                return new Piece(List.of(columns.split(", ", -1)), List.of());
            }
            AttemptRange range = run.attempts().get(attempt);
            return readers.read(c -> {
                long last = Sql.first(
                                c,
                                "SELECT max(iteration) FROM (SELECT iteration FROM iterations WHERE run_key = ?"
                                        + " AND attempt = ? AND iteration >= ? AND iteration <= ?"
                                        + " ORDER BY iteration LIMIT " + PIECE + ")",
                                row -> row.getLong(1),
                                run.runKey(),
                                range.attempt(),
                                next,
                                range.lastIteration())
                        .orElseThrow();
                Piece piece = piece(
                        c,
                        "SELECT " + columns + " FROM " + table + " WHERE run_key = ? AND attempt = ?"
                                + " AND iteration >= ? AND iteration <= ? ORDER BY iteration, " + order,
                        run.runKey(),
                        range.attempt(),
                        next,
                        last);
                advance(range, last);
                return piece;
            });
        }

        private void advance(AttemptRange range, long last) {
            next = last + 1;
            if (last >= range.lastIteration()) {
                attempt++;
                if (attempt < run.attempts().size()) {
                    next = run.attempts().get(attempt).firstIteration();
                }
            }
        }
    }
}
