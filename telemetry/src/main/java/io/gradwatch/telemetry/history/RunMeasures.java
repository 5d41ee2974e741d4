package io.gradwatch.telemetry.history;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** How much room runs take, and fingerprints of their rows. Any thread; methods block, and throw {@link HistoryException}. */
public final class RunMeasures {
    /**
     * Columns that say nothing of what was measured: numbers that a history gives out itself, in the order in which it
     * happened to read partitions, and what hangs on the time of reading.
     */
    private static final List<String> OWN = List.of("run_key", "alert_key", "published", "last_seen");

    private final Readers readers;
    private final Path file;

    RunMeasures(Readers readers, Path file) {
        this.readers = readers;
        this.file = file;
    }

    /** A table of a run; {@code runId} is empty for the table of malformed records. */
    public record Part(String runId, String table) implements Comparable<Part> {
        @Override
        public int compareTo(Part other) {
            int order = runId.compareTo(other.runId);
            return order != 0 ? order : table.compareTo(other.table);
        }
    }

    /** Rows as a set in which each may be more than once: their number, and two sums of 64-bit hashes of them. */
    public record Fingerprint(long rows, String sum, String xor) {}

    /** A table of a run that two histories do not have alike; absent: one has no row of it. */
    public record Difference(Part part, Optional<Fingerprint> one, Optional<Fingerprint> other) {}

    /**
     * Fingerprints of all tables of all runs. Equal rows make equal fingerprints; not among them are numbers that a history
     * gives out itself (of runs, alerts and malformed records), whether an alert was published, and when a record was read.
     */
    public Map<Part, Fingerprint> fingerprints() {
        return readers.read(c -> {
            Map<Part, Fingerprint> all = new TreeMap<>();
            for (String table : RunTables.all(c)) {
                collect(
                        c,
                        table,
                        "SELECT r.run AS id, hash(" + columns(c, table) + ") AS h FROM " + table
                                + " t JOIN (SELECT run_key AS k, id AS run FROM runs) r ON r.k = t.run_key",
                        all);
            }
            collect(
                    c,
                    "quarantine",
                    "SELECT '' AS id, hash(topic, partition, \"offset\", key, reason, size, bytes) AS h FROM quarantine",
                    all);
            return all;
        });
    }

    /** What two sets of fingerprints do not have in common. */
    public static List<Difference> differences(Map<Part, Fingerprint> one, Map<Part, Fingerprint> other) {
        TreeSet<Part> parts = new TreeSet<>(one.keySet());
        parts.addAll(other.keySet());
        List<Difference> differences = new ArrayList<>();
        for (Part part : parts) {
            Optional<Fingerprint> a = Optional.ofNullable(one.get(part));
            Optional<Fingerprint> b = Optional.ofNullable(other.get(part));
            if (!a.equals(b)) {
                differences.add(new Difference(part, a, b));
            }
        }
        return differences;
    }

    /**
     * Bytes of the history file that a run takes: the file's used blocks, shared out by rows times columns. Compression
     * makes runs differ, so it is a measure and not a sum of what would be freed.
     */
    public long bytes(String runId) {
        return readers.read(c -> {
            Optional<Integer> key = Sql.first(c, "SELECT run_key FROM runs WHERE id = ?", row -> row.getInt(1), runId);
            if (key.isEmpty()) {
                return 0L;
            }
            double own = 0;
            double all = 0;
            for (String table : RunTables.all(c)) {
                int columns = RunTables.columns(c, table).size();
                all += columns * (double) count(c, "SELECT count(*) FROM " + table);
                own += columns * (double) count(c, "SELECT count(*) FROM " + table + " WHERE run_key = " + key.get());
            }
            long used = Sql.first(
                            c, "SELECT used_blocks * block_size FROM pragma_database_size()", row -> row.getLong(1))
                    .orElse(0L);
            long log = file.resolveSibling(file.getFileName() + ".wal").toFile().length();
            return all == 0 ? 0L : Math.round((used + log) * own / all);
        });
    }

    private static void collect(Connection c, String table, String rows, Map<Part, Fingerprint> into)
            throws SQLException {
        Sql.query(
                c,
                "SELECT id, count(*), sum(h::HUGEINT)::VARCHAR, bit_xor(h)::VARCHAR FROM (" + rows + ") GROUP BY id",
                row -> into.put(
                        new Part(row.getString(1), table),
                        new Fingerprint(row.getLong(2), row.getString(3), row.getString(4))));
    }

    private static String columns(Connection c, String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        for (String column : RunTables.columns(c, table)) {
            if (column.equals("phase")) { // whether a run is silent hangs on when that was asked
                columns.add("CASE WHEN phase IN ('silent', 'paused') THEN 'running' ELSE phase END");
            } else if (!OWN.contains(column)) {
                columns.add("\"" + column + "\"");
            }
        }
        return String.join(", ", columns);
    }

    private static long count(Connection c, String sql) throws SQLException {
        return Sql.first(c, sql, row -> row.getLong(1)).orElse(0L);
    }
}
