package io.gradwatch.telemetry.history;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.telemetry.runs.RunSummary;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.duckdb.DuckDBConnection;

/**
 * All rows of a run as Parquet files compressed with zstd, one a table, and back. Any thread; methods block for as long as
 * it takes, disturb neither the writer nor readers, and throw {@link HistoryException} when the database or the disk refuses.
 */
public final class RunFiles {
    private final DuckDBConnection first;
    private final Readers readers;
    private final Keys keys;

    RunFiles(DuckDBConnection first, Readers readers, Keys keys) {
        this.first = first;
        this.readers = readers;
        this.keys = keys;
    }

    /**
     * Writes a run's tables as they are at one moment.
     *
     * @param folder exists and is empty; after a failure it may hold parts
     * @return what was written, or empty when there is no such run
     */
    public Optional<RunSnapshot> write(String runId, Path folder) {
        return readers.read(c -> {
            Sql.execute(c, "BEGIN");
            try {
                return write(c, runId, folder);
            } finally {
                Sql.execute(c, "ROLLBACK");
            }
        });
    }

    private static Optional<RunSnapshot> write(Connection c, String runId, Path folder) throws SQLException {
        Optional<RunRows.Numbered> found =
                RunRows.summaries(c, "r.id = ?", runId).stream().findFirst();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        int runKey = found.get().runKey();
        RunSummary run = found.get().run();
        List<RunSnapshot.Table> tables = new ArrayList<>();
        for (String table : RunTables.all(c)) {
            String where = " FROM " + table + " WHERE run_key = " + runKey;
            Sql.execute(
                    c,
                    "COPY (SELECT * EXCLUDE (run_key)" + where + " ORDER BY " + RunTables.order(table) + ") TO "
                            + RunTables.quoted(
                                    folder.resolve(table + ".parquet").toString())
                            + " (FORMAT parquet, COMPRESSION zstd)");
            tables.add(new RunSnapshot.Table(table, count(c, "SELECT count(*)" + where)));
        }
        return Optional.of(new RunSnapshot(
                Schema.VERSION,
                run,
                Schema.meta(c, "cluster_id").orElse(null),
                Sql.query(
                        c,
                        "SELECT topic, partition, next_offset FROM offsets ORDER BY topic, partition",
                        row -> new PartitionOffset(row.getString(1), row.getInt(2), row.getLong(3))),
                extent(c, runKey),
                tables));
    }

    /** Where a run's iterations lie in the log. */
    static Optional<RunSnapshot.Extent> extent(Connection c, int runKey) throws SQLException {
        return Sql.first(
                c,
                "SELECT min(partition), min(seq), max(seq) FROM iterations WHERE run_key = ? HAVING count(*) > 0",
                row -> new RunSnapshot.Extent(row.getInt(1), row.getLong(2), row.getLong(3)),
                runKey);
    }

    /**
     * Takes a run from files that {@link #write} made, in this version or an older one: all of it or nothing.
     *
     * @param tables the files that are there, each with the rows that it must have
     * @param runId its id from now on, the one that it had or another
     * @param origin where it comes from, for people; empty: from the log that history is of
     * @return the run, for whoever follows runs
     * @throws UnreadableRunException when the files are not a run's, or there is such a run already
     */
    public StoredRun read(Path folder, List<RunSnapshot.Table> tables, String runId, Optional<String> origin)
            throws UnreadableRunException {
        int runKey = keys.nextRun();
        try (Connection c = first.duplicate()) {
            Sql.execute(c, "BEGIN");
            boolean done = false;
            try {
                if (exists(c, runId)) {
                    throw new UnreadableRunException("run " + runId + " exists already");
                }
                Renaming renaming = new Renaming(idIn(c, folder), runId, origin.isPresent());
                List<String> known = RunTables.all(c);
                for (RunSnapshot.Table table : tables) {
                    if (!known.contains(table.name())) {
                        throw new UnreadableRunException("table \"" + table.name()
                                + "\" is not one of this version's; accepted are " + String.join(", ", known));
                    }
                    load(c, folder, table, runKey, renaming);
                }
                if (origin.isPresent()) {
                    Sql.update(
                            c,
                            "INSERT INTO imported_runs VALUES (?, ?, ?)",
                            runKey,
                            origin.get(),
                            System.currentTimeMillis());
                }
                RunRows.writeFacts(c, "run_key = " + runKey);
                List<StoredRun> stored = RunRows.readAll(c, runKey);
                if (stored.size() != 1) {
                    throw new UnreadableRunException("the tables runs and progress must have one row each; they make "
                            + stored.size() + " runs");
                }
                Sql.execute(c, "COMMIT");
                done = true;
                return stored.get(0);
            } finally {
                if (!done) {
                    Sql.execute(c, "ROLLBACK");
                }
            }
        } catch (SQLException e) {
            throw new HistoryException("the run could not be taken into history: " + e.getMessage(), e);
        }
    }

    /**
     * Under which id a run is taken.
     *
     * @param old the one in the files
     * @param imported its alerts were published where it comes from, and are not to be published again
     */
    private record Renaming(String old, String runId, boolean imported) {
        boolean isNeeded() {
            return !old.equals(runId);
        }
    }

    private static String idIn(Connection c, Path folder) throws UnreadableRunException {
        String file = RunTables.quoted(folder.resolve("runs.parquet").toString());
        try {
            return Sql.first(c, "SELECT id FROM read_parquet(" + file + ")", row -> row.getString(1))
                    .orElseThrow(() -> new UnreadableRunException("runs.parquet has no row"));
        } catch (SQLException e) {
            throw new UnreadableRunException("runs.parquet cannot be read: " + firstLine(e), e);
        }
    }

    private void load(Connection c, Path folder, RunSnapshot.Table table, int runKey, Renaming renaming)
            throws SQLException, UnreadableRunException {
        String file = table.name() + ".parquet";
        String source = "read_parquet(" + RunTables.quoted(folder.resolve(file).toString()) + ")";
        List<String> there;
        try {
            there = Sql.query(
                    c, "SELECT column_name FROM (DESCRIBE SELECT * FROM " + source + ")", row -> row.getString(1));
        } catch (SQLException e) {
            throw new UnreadableRunException(file + " is not a Parquet file that can be read: " + firstLine(e), e);
        }
        Set<String> unknown = new HashSet<>(there);
        RunTables.columns(c, table.name()).forEach(unknown::remove);
        if (!unknown.isEmpty() || there.contains("run_key")) {
            throw new UnreadableRunException(file + " has columns that this version does not know: " + unknown
                    + "; use the Gradwatch that wrote it");
        }
        long rows;
        try {
            if (table.name().equals("transitions") && renaming.isNeeded()) {
                loadRenamed(c, source, runKey, renaming.old(), renaming.runId());
                rows = table.rows();
            } else {
                rows = Sql.update(
                        c,
                        "INSERT INTO " + table.name() + " BY NAME "
                                + select(c, table.name(), source, runKey, renaming));
            }
        } catch (SQLException e) {
            throw new UnreadableRunException(file + " cannot be taken: " + firstLine(e), e);
        }
        if (rows != table.rows()) {
            throw new UnreadableRunException(file + " has " + rows + " rows; " + table.rows() + " are expected");
        }
    }

    private String select(Connection c, String table, String source, int runKey, Renaming renaming)
            throws SQLException {
        String key = "SELECT " + runKey + "::INTEGER AS run_key, ";
        if (!table.equals("transitions")) {
            String id = table.equals("runs") ? " REPLACE (" + RunTables.quoted(renaming.runId()) + " AS id)" : "";
            return key + "*" + id + " FROM " + source + " ORDER BY " + RunTables.order(table);
        }
        int base = keys.alerts(count(c, "SELECT count(DISTINCT alert_key) FROM " + source));
        return key + "(" + base + " + dense_rank() OVER (ORDER BY alert_key))::INTEGER AS alert_key, "
                + (renaming.imported() ? "true AS " : "") + "published, * EXCLUDE (alert_key, published) FROM " + source
                + " ORDER BY alert_key, transition";
    }

    /** Alerts name their run in their ids, within their messages too. */
    private void loadRenamed(Connection c, String source, int runKey, String old, String runId) throws SQLException {
        record Row(int alertKey, int transition, int attempt, String state, long producedAtMs, Alert alert) {}
        List<Row> rows = Sql.query(
                c,
                "SELECT dense_rank() OVER (ORDER BY alert_key)::INTEGER, transition, attempt, state, produced_at, alert FROM "
                        + source,
                row -> new Row(
                        row.getInt(1),
                        row.getInt(2),
                        row.getInt(3),
                        row.getString(4),
                        row.getLong(5),
                        RunRows.alert(row.getBytes(6))));
        int base = keys.alerts(rows.size());
        for (Row row : rows) {
            String id = row.alert().getAlertId();
            String renamed = id.startsWith(old + "/") ? runId + id.substring(old.length()) : runId + "/" + id;
            Sql.update(
                    c,
                    "INSERT INTO transitions (alert_key, alert_id, transition, run_key, attempt, state, produced_at, alert,"
                            + " published) VALUES (?, ?, ?, ?, ?, ?, ?, ?, true)",
                    base + row.alertKey(),
                    renamed,
                    row.transition(),
                    runKey,
                    row.attempt(),
                    row.state(),
                    row.producedAtMs(),
                    row.alert().toBuilder().setAlertId(renamed).build().toByteArray());
        }
    }

    private static boolean exists(Connection c, String runId) throws SQLException {
        return Sql.first(c, "SELECT 1 FROM runs WHERE id = ?", row -> true, runId)
                .isPresent();
    }

    private static int count(Connection c, String sql) throws SQLException {
        return Sql.first(c, sql, row -> row.getInt(1)).orElseThrow();
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
