package io.gradwatch.telemetry.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The tables that hold the rows of runs, by {@code run_key}, and an order of the rows of each. */
final class RunTables {
    /** How runs came to be in this history. */
    private static final String ORIGIN = "imported_runs";

    /** Runs that another service answers for at the moment. */
    static final String AWAY = "runs_away";

    /** What {@link RunFacts} makes of the other tables. */
    private static final String FACTS = "facts";

    private static final Map<String, String> ORDERS = Map.ofEntries(
            Map.entry("iterations", "seq, attempt, iteration"),
            Map.entry("layer_values", "seq, attempt, iteration, layer"),
            Map.entry("layer_samples", "seq, attempt, iteration, layer"),
            Map.entry("bn_values", "seq, attempt, iteration, bn"),
            Map.entry("epochs", "attempt, epoch, produced_at"),
            Map.entry("histograms", "attempt, iteration, kind, layer"),
            Map.entry("transitions", "alert_key, transition"),
            Map.entry("layers", "layer"),
            Map.entry("batch_norms", "bn"),
            Map.entry("attempts", "attempt"),
            Map.entry("commands", "produced_at, command_id"),
            Map.entry("command_answers", "produced_at, command_id"));

    private RunTables() {}

    /** Their names: every table with a column run_key, so also those of a later version, but for what follows from others. */
    static List<String> all(Connection c) throws SQLException {
        return Sql.query(
                c,
                "SELECT DISTINCT table_name FROM duckdb_columns() WHERE column_name = 'run_key' AND NOT internal"
                        + " AND database_name = current_database() AND table_name NOT IN ('" + ORIGIN + "', '"
                        + FACTS + "', '" + AWAY + "') ORDER BY table_name",
                row -> row.getString(1));
    }

    /** Names of a table's columns, in their order. */
    static List<String> columns(Connection c, String table) throws SQLException {
        return Sql.query(
                c,
                "SELECT column_name FROM duckdb_columns() WHERE database_name = current_database() AND table_name = ?"
                        + " ORDER BY column_index",
                row -> row.getString(1),
                table);
    }

    /** What to order a table's rows of a run by, so that the same rows always make the same file. */
    static String order(String table) {
        return ORDERS.getOrDefault(table, "ALL");
    }

    /** Removes all rows of a run; returns how many. */
    static long delete(Connection c, int runKey) throws SQLException {
        long rows = 0;
        for (String table : all(c)) {
            rows += Sql.update(c, "DELETE FROM " + table + " WHERE run_key = ?", runKey);
        }
        for (String table : List.of(ORIGIN, FACTS)) {
            rows += Sql.update(c, "DELETE FROM " + table + " WHERE run_key = ?", runKey);
        }
        return rows;
    }

    /**
     * Puts runs out of the sight of every query, and others back into it.
     *
     * @param here whether a run of this id is to be found
     * @return how many changed places
     */
    static int settle(Connection c, Predicate<String> here) throws SQLException {
        return move(c, "runs", AWAY, here.negate()) + move(c, AWAY, "runs", here);
    }

    private static int move(Connection c, String from, String to, Predicate<String> which) throws SQLException {
        record Run(int key, String id) {}
        List<String> keys = new ArrayList<>();
        for (Run run :
                Sql.query(c, "SELECT run_key, id FROM " + from, row -> new Run(row.getInt(1), row.getString(2)))) {
            if (which.test(run.id())) {
                keys.add(Integer.toString(run.key()));
            }
        }
        if (!keys.isEmpty()) {
            String rows = " FROM " + from + " WHERE run_key IN (" + String.join(", ", keys) + ")";
            Sql.execute(c, "INSERT INTO " + to + " SELECT *" + rows);
            Sql.execute(c, "DELETE" + rows);
        }
        return keys.size();
    }

    /** A text as SQL has it. */
    static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
