package io.gradwatch.telemetry.history;

import io.gradwatch.contract.v1.Acknowledgement;
import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Command;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.telemetry.runs.AttemptRange;
import io.gradwatch.telemetry.runs.RunSummary;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.HistogramsRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches: everything between two {@link #commit}s is in history together or not at all. For one thread; every
 * method may block, and throws {@link HistoryException} when the database refuses, after which {@link #rollback} is due and
 * what was appended since the last commit is not in history.
 */
public final class HistoryWriter {
    private interface Work {
        void run() throws SQLException;
    }

    private final DuckDBConnection connection;
    private final Keys keys;
    private final Map<String, DuckDBAppender> appenders = new HashMap<>();
    /** Attempts as they were written last, by run and number: of thousands few change between two commits. */
    private final Map<Integer, Map<Integer, AttemptRange>> attempts = new HashMap<>();

    private final QuarantineRows quarantined = new QuarantineRows();
    private @Nullable IterationRows iterationRows;
    private @Nullable HistogramRows histogramRows;
    private boolean begun;

    HistoryWriter(DuckDBConnection connection, Keys keys) {
        this.connection = connection;
        this.keys = keys;
    }

    /** A number for a run that history does not have yet. */
    public int newRunKey() {
        return keys.nextRun();
    }

    /** A number for an alert that history does not have yet. */
    public int newAlertKey() {
        return keys.nextAlert();
    }

    /** Appends an iteration; returns the number of rows that it became. */
    public int iteration(int runKey, IterationRecord record) {
        try {
            begin();
            IterationRows rows = iterationRows;
            if (rows == null) {
                rows = new IterationRows(
                        appender("iterations"),
                        appender("layer_values"),
                        appender("bn_values"),
                        appender("layer_samples"));
                iterationRows = rows;
            }
            return rows.append(runKey, record);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Whether an attempt has this iteration, appended or committed. */
    public boolean hasIteration(int runKey, int attempt, long iteration) {
        try {
            begin();
            flush("iterations");
            return Sql.first(
                            connection,
                            "SELECT 1 FROM iterations WHERE run_key = ? AND attempt = ? AND iteration = ? LIMIT 1",
                            row -> true,
                            runKey,
                            attempt,
                            iteration)
                    .isPresent();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Appends histograms, unless there are some of this attempt and iteration; returns the number of rows. */
    public int histograms(int runKey, HistogramsRecord record) {
        try {
            begin();
            HistogramRows rows = histogramRows;
            if (rows == null) {
                rows = new HistogramRows(connection, appender("histograms"));
                histogramRows = rows;
            }
            return rows.append(runKey, record);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Appends an epoch. */
    public void epoch(int runKey, EpochRecord record) {
        Epoch e = record.epoch();
        write(() -> {
            DuckDBAppender rows = appender("epochs");
            rows.beginRow();
            rows.append(runKey).append(record.attempt()).append(Integer.toUnsignedLong(e.getEpoch()));
            rows.append(e.getIteration()).append(record.producedAtMs());
            append(rows, e.hasTrainLoss(), e.getTrainLoss());
            append(rows, e.hasTrainAccuracy(), e.getTrainAccuracy());
            append(rows, e.hasValidationLoss(), e.getValidationLoss());
            append(rows, e.hasValidationAccuracy(), e.getValidationAccuracy());
            append(rows, e.hasLearningRate(), e.getLearningRate());
            append(rows, e.hasDurationMs(), e.getDurationMs());
            append(rows, e.hasTestLoss(), e.getTestLoss());
            append(rows, e.hasTestAccuracy(), e.getTestAccuracy());
            rows.endRow();
        });
    }

    /** Appends a transition of an alert, as not published yet. */
    public void transition(int runKey, int alertKey, OutboxAlert outbox) {
        Alert alert = outbox.alert();
        write(() -> {
            DuckDBAppender rows = appender("transitions");
            rows.beginRow();
            rows.append(alertKey).append(alert.getAlertId()).append(alert.getTransition());
            rows.append(runKey).append(outbox.attempt());
            rows.append(AlertHistory.label(alert.getState())).append(outbox.producedAtMs());
            rows.append(alert.toByteArray()).append(false);
            rows.endRow();
        });
    }

    /** Writes down a command; one of an id that the run has already is passed over. */
    public void command(int runKey, int attempt, long producedAtMs, Command command) {
        write(() -> CommandRows.writeCommand(connection, runKey, attempt, producedAtMs, command));
    }

    /** Writes down the answer to a command; a second one is passed over. */
    public void answer(int runKey, int attempt, long producedAtMs, Acknowledgement answer) {
        write(() -> CommandRows.writeAnswer(connection, runKey, attempt, producedAtMs, answer));
    }

    /** Marks transitions as published. */
    public void published(Collection<OutboxAlert.Key> keys) {
        write(() -> {
            flush("transitions");
            for (OutboxAlert.Key key : keys) {
                Sql.update(
                        connection,
                        "UPDATE transitions SET published = true WHERE alert_id = ? AND transition = ?",
                        key.alertId(),
                        key.transition());
            }
        });
    }

    /** Keeps a record aside: the newest 100,000 of at most 256 MiB, and a few thousand more. */
    public void quarantine(QuarantinedRecord record) {
        write(() -> quarantined.append(appender("quarantine"), record));
    }

    /**
     * Writes down a run as it is now.
     *
     * @param isNew whether history has no row of it yet
     * @param isDescribed whether its description, too, is new or has changed
     * @param ruleState what the rules remember of it, or null for nothing
     */
    public void run(int runKey, RunSummary run, boolean isNew, boolean isDescribed, byte @Nullable [] ruleState) {
        write(() -> {
            if (isNew || isDescribed) {
                RunRows.writeDescription(connection, runKey, run, isNew);
            }
            RunRows.writeProgress(connection, runKey, run, ruleState, isNew);
            Map<Integer, AttemptRange> written = attempts.computeIfAbsent(runKey, key -> new HashMap<>());
            for (AttemptRange attempt : run.attempts()) {
                if (!attempt.equals(written.put(attempt.attempt(), attempt))) {
                    RunRows.writeAttempt(connection, runKey, attempt, isNew);
                }
            }
        });
    }

    /** Removes all rows of a run; returns how many. */
    public long deleteRun(int runKey) {
        long[] rows = {0};
        write(() -> {
            for (DuckDBAppender appender : appenders.values()) {
                appender.flush();
            }
            attempts.remove(runKey);
            rows[0] = RunTables.delete(connection, runKey);
        });
        return rows[0];
    }

    /** Remembers that Kafka had deleted records before they were read. */
    public void lost(Loss loss) {
        write(() -> Sql.update(
                connection,
                "INSERT INTO losses VALUES (?, ?, ?, ?, ?)",
                loss.topic(),
                loss.partition(),
                loss.firstOffset(),
                loss.lastOffset(),
                loss.noticedAtMs()));
    }

    /** Writes down what people say about a run; null: nothing any more. The run may not be known (yet). */
    public void annotation(String runId, @Nullable RunAnnotation annotation) {
        write(() -> Annotations.write(connection, runId, annotation));
    }

    /** What people say about runs, by their ids; runs that are not known (yet) among them. */
    public Map<String, RunAnnotation> annotations() {
        try {
            return Annotations.readAll(connection);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /**
     * Decides which runs can be found: another service answers for the others, and their rows wait until they come back. To be
     * called between two commits; is in history at once.
     *
     * @param here whether a run of this id is to be found
     * @return how many runs changed
     */
    public int settle(Predicate<String> here) {
        int[] moved = {0};
        write(() -> {
            moved[0] = RunTables.settle(connection, here);
            Sql.execute(connection, "COMMIT");
            begun = false;
        });
        return moved[0];
    }

    /** Remembers which cluster history comes from. */
    public void clusterId(String id) {
        write(() -> {
            Sql.update(connection, "DELETE FROM meta WHERE name = 'cluster_id'");
            Sql.update(connection, "INSERT INTO meta VALUES ('cluster_id', ?)", id);
        });
    }

    /**
     * Makes everything since the last commit part of history, together with how far the log has been read.
     *
     * @param offsets of the partitions that have been read further
     */
    public void commit(Collection<PartitionOffset> offsets, Counters counters) {
        write(() -> {
            for (PartitionOffset o : offsets) {
                int changed = Sql.update(
                        connection,
                        "UPDATE offsets SET next_offset = ? WHERE topic = ? AND partition = ?",
                        o.nextOffset(),
                        o.topic(),
                        o.partition());
                if (changed == 0) {
                    Sql.update(
                            connection,
                            "INSERT INTO offsets VALUES (?, ?, ?)",
                            o.topic(),
                            o.partition(),
                            o.nextOffset());
                }
            }
            ServiceQueries.writeCounters(connection, counters);
            for (DuckDBAppender appender : appenders.values()) {
                appender.flush();
            }
            if (quarantined.isDue()) {
                quarantined.trim(connection);
            }
            Sql.execute(connection, "COMMIT");
            begun = false;
        });
    }

    /** Forgets everything since the last commit. Call it after a {@link HistoryException} before anything else. */
    public void rollback() {
        try {
            closeAppenders();
        } catch (SQLException e) {
            // an appender that failed refuses to flush; its rows are not wanted
        }
        appenders.clear();
        iterationRows = null;
        histogramRows = null;
        attempts.clear();
        if (begun) {
            begun = false;
            try {
                Sql.execute(connection, "ROLLBACK");
            } catch (SQLException e) {
                // DuckDB has rolled it back by itself
            }
        }
    }

    /** Runs as they were at the last commit, to go on with. */
    public List<StoredRun> storedRuns() {
        try {
            return RunRows.readAll(connection);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** How far the log had been read at the last commit. */
    public List<PartitionOffset> offsets() {
        return read(
                "SELECT topic, partition, next_offset FROM offsets",
                row -> new PartitionOffset(row.getString(1), row.getInt(2), row.getLong(3)));
    }

    /** Transitions that have not been marked as published, in the order in which they happened. */
    public List<OutboxAlert> unpublished() {
        return read(
                "SELECT r.id, t.attempt, t.produced_at, t.alert FROM transitions t JOIN runs r USING (run_key)"
                        + " WHERE NOT t.published ORDER BY t.alert_key, t.transition",
                row -> new OutboxAlert(
                        row.getString(1), row.getInt(2), row.getLong(3), RunRows.alert(row.getBytes(4))));
    }

    /** The keys of all alerts by their ids. */
    public Map<String, Integer> alertKeys() {
        Map<String, Integer> keys = new HashMap<>();
        read("SELECT DISTINCT alert_id, alert_key FROM transitions", row -> keys.put(row.getString(1), row.getInt(2)));
        return keys;
    }

    /** What had been counted at the last commit. */
    public Counters counters() {
        try {
            return ServiceQueries.readCounters(connection);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** The cluster that history comes from; null when none has been seen yet. */
    public @Nullable String clusterId() {
        return read("SELECT value FROM meta WHERE name = 'cluster_id'", row -> row.getString(1)).stream()
                .findFirst()
                .orElse(null);
    }

    void close() {
        rollback();
    }

    private <T extends @Nullable Object> List<T> read(String sql, Sql.RowMapper<T> mapper) {
        try {
            return Sql.query(connection, sql, mapper);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private void write(Work work) {
        try {
            begin();
            work.run();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private void begin() throws SQLException {
        // said in SQL: an appender does not take part in JDBC's own transactions
        if (!begun) {
            Sql.execute(connection, "BEGIN");
            begun = true;
        }
    }

    private DuckDBAppender appender(String table) throws SQLException {
        DuckDBAppender appender = appenders.get(table);
        if (appender == null) {
            appender = connection.createAppender(DuckDBConnection.DEFAULT_SCHEMA, table);
            appenders.put(table, appender);
        }
        return appender;
    }

    private void flush(String table) throws SQLException {
        DuckDBAppender appender = appenders.get(table);
        if (appender != null) {
            appender.flush();
        }
    }

    private void closeAppenders() throws SQLException {
        List<SQLException> problems = new ArrayList<>();
        for (DuckDBAppender appender : appenders.values()) {
            try {
                appender.close();
            } catch (SQLException e) {
                problems.add(e);
            }
        }
        if (!problems.isEmpty()) {
            throw problems.get(0);
        }
    }

    private static void append(DuckDBAppender rows, boolean measured, float value) throws SQLException {
        if (measured) {
            rows.append(value);
        } else {
            rows.appendNull();
        }
    }

    private static HistoryException failed(SQLException e) {
        return new HistoryException("history could not be written: " + e.getMessage(), e);
    }
}
