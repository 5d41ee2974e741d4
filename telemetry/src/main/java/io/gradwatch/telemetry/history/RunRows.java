package io.gradwatch.telemetry.history;

import com.google.protobuf.InvalidProtocolBufferException;
import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.BatchNorm;
import io.gradwatch.contract.v1.Layer;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.runs.AttemptRange;
import io.gradwatch.telemetry.runs.RunPhase;
import io.gradwatch.telemetry.runs.RunSummary;
import io.gradwatch.telemetry.runs.RunTracker;
import io.gradwatch.telemetry.stream.RunDescription;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs as rows, and back. */
final class RunRows {
    /** What {@link #summary} reads, from {@code runs r JOIN progress p USING (run_key)}. */
    static final String COLUMNS = "run_key, r.id, r.attempt, r.announced, r.started, r.started_at, p.*";

    /** Where it reads that. */
    static final String TABLES = "runs r JOIN progress p USING (run_key)";

    private static final int RECENT_ITERATIONS = 64;

    private RunRows() {}

    static void writeDescription(Connection c, int runKey, RunSummary run) throws SQLException {
        RunStarted started = run.description().started();
        for (String table : List.of("runs", "layers", "batch_norms")) {
            Sql.update(c, "DELETE FROM " + table + " WHERE run_key = ?", runKey);
        }
        Array tags = c.createArrayOf("VARCHAR", started.getTagsList().toArray());
        Sql.update(
                c,
                "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                runKey,
                run.id(),
                run.description().attempt(),
                run.announced(),
                started.toByteArray(),
                started.getName(),
                started.getPreset(),
                tags,
                run.startedAtMs());
        try (PreparedStatement insert = c.prepareStatement("INSERT INTO layers VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            for (Layer l : started.getLayersList()) {
                Object[] shape =
                        l.getShapeList().stream().map(Integer::toUnsignedLong).toArray();
                Sql.bind(
                        insert,
                        runKey,
                        l.getIndex(),
                        l.getName(),
                        l.getType(),
                        l.getMainPath(),
                        l.getBlock(),
                        c.createArrayOf("BIGINT", shape));
                insert.executeUpdate();
            }
        }
        try (PreparedStatement insert = c.prepareStatement("INSERT INTO batch_norms VALUES (?, ?, ?, ?, ?)")) {
            for (BatchNorm b : started.getBatchNormsList()) {
                Sql.bind(
                        insert,
                        runKey,
                        b.getIndex(),
                        b.getName(),
                        b.getLayer(),
                        Integer.toUnsignedLong(b.getChannels()));
                insert.executeUpdate();
            }
        }
    }

    static void writeProgress(Connection c, int runKey, RunSummary run, byte @Nullable [] ruleState, boolean isNew)
            throws SQLException {
        Alert.Severity worst = run.worstSeverity();
        @Nullable
        Object[] values = {
            run.phase().label(),
            run.endedAtMs(),
            run.lastSeenMs(),
            run.reason(),
            run.iteration(),
            run.epoch(),
            run.loss(),
            run.accuracy(),
            run.learningRate(),
            run.dropped(),
            run.validationLoss(),
            run.validationAccuracy(),
            run.bestValidationAccuracy(),
            run.seq(),
            run.partition(),
            run.firingAlerts(),
            worst == null ? null : worst.getNumber(),
            ruleState,
            runKey
        };
        Sql.update(
                c,
                isNew
                        ? "INSERT INTO progress (phase, ended_at, last_seen, reason, iteration, epoch, loss, accuracy,"
                                + " learning_rate, dropped, validation_loss, validation_accuracy,"
                                + " best_validation_accuracy, seq, partition, firing_alerts, worst_severity,"
                                + " rule_state, run_key)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        : "UPDATE progress SET phase = ?, ended_at = ?, last_seen = ?, reason = ?, iteration = ?,"
                                + " epoch = ?, loss = ?, accuracy = ?, learning_rate = ?, dropped = ?,"
                                + " validation_loss = ?, validation_accuracy = ?, best_validation_accuracy = ?,"
                                + " seq = ?, partition = ?, firing_alerts = ?, worst_severity = ?, rule_state = ?"
                                + " WHERE run_key = ?",
                values);
    }

    static void writeAttempt(Connection c, int runKey, AttemptRange a) throws SQLException {
        int changed = Sql.update(
                c,
                "UPDATE attempts SET first_iteration = ?, last_iteration = ?, records = ?"
                        + " WHERE run_key = ? AND attempt = ?",
                a.firstIteration(),
                a.lastIteration(),
                a.records(),
                runKey,
                a.attempt());
        if (changed == 0) {
            Sql.update(
                    c,
                    "INSERT INTO attempts VALUES (?, ?, ?, ?, ?)",
                    runKey,
                    a.attempt(),
                    a.firstIteration(),
                    a.lastIteration(),
                    a.records());
        }
    }

    static RunSummary summary(ResultSet row) throws SQLException {
        int worst = row.getInt("worst_severity");
        Alert.Severity severity = row.wasNull() ? null : Alert.Severity.forNumber(worst);
        return new RunSummary(
                new RunDescription(row.getString("id"), row.getInt("attempt"), started(row.getBytes("started"))),
                row.getBoolean("announced"),
                RunPhase.of(row.getString("phase")).orElseThrow(),
                row.getLong("started_at"),
                Sql.maybeLong(row, "ended_at"),
                row.getLong("last_seen"),
                row.getString("reason"),
                Sql.maybeLong(row, "iteration"),
                Sql.maybeLong(row, "epoch"),
                Sql.maybeFloat(row, "loss"),
                Sql.maybeFloat(row, "accuracy"),
                Sql.maybeFloat(row, "learning_rate"),
                row.getLong("dropped"),
                Sql.maybeFloat(row, "validation_loss"),
                Sql.maybeFloat(row, "validation_accuracy"),
                Sql.maybeFloat(row, "best_validation_accuracy"),
                row.getLong("seq"),
                row.getInt("partition"),
                row.getInt("firing_alerts"),
                severity);
    }

    static List<AttemptRange> attempts(Connection c, int runKey) throws SQLException {
        return Sql.query(
                c,
                "SELECT attempt, first_iteration, last_iteration, records FROM attempts WHERE run_key = ?"
                        + " ORDER BY attempt",
                row -> new AttemptRange(row.getInt(1), row.getLong(2), row.getLong(3), row.getLong(4)),
                runKey);
    }

    static List<StoredRun> readAll(Connection c) throws SQLException {
        record Row(int runKey, RunSummary summary, @Nullable Object ruleState) {}
        List<Row> rows = Sql.query(
                c,
                "SELECT " + COLUMNS + " FROM " + TABLES + " ORDER BY run_key",
                row -> new Row(row.getInt("run_key"), summary(row), row.getBytes("rule_state")));
        List<StoredRun> runs = new ArrayList<>(rows.size());
        for (Row row : rows) {
            // of a run that has ended nobody asks whether it is silent
            List<Float> times = row.summary().phase().ended() ? List.of() : recentTimes(c, row.runKey(), row.summary());
            RunTracker tracker =
                    new RunTracker(row.summary(), attempts(c, row.runKey()), times, AlertHistory.open(c, row.runKey()));
            runs.add(new StoredRun(row.runKey(), tracker, Optional.ofNullable((byte[]) row.ruleState())));
        }
        return runs;
    }

    private static List<Float> recentTimes(Connection c, int runKey, RunSummary run) throws SQLException {
        return Sql.query(
                c,
                "SELECT iteration_ms FROM (SELECT seq, iteration_ms FROM iterations WHERE run_key = ? AND attempt = ?"
                        + " AND iteration_ms IS NOT NULL ORDER BY seq DESC LIMIT " + RECENT_ITERATIONS
                        + ") ORDER BY seq",
                row -> row.getFloat(1),
                runKey,
                run.description().attempt());
    }

    static RunStarted started(byte[] bytes) {
        try {
            return RunStarted.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new HistoryException("a run's description in history is damaged", e);
        }
    }

    static Alert alert(byte[] bytes) {
        try {
            return Alert.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new HistoryException("an alert in history is damaged", e);
        }
    }
}
