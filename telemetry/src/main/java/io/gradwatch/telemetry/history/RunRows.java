package io.gradwatch.telemetry.history;

import com.google.protobuf.InvalidProtocolBufferException;
import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.BatchNorm;
import io.gradwatch.contract.v1.Layer;
import io.gradwatch.contract.v1.Result;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.runs.AttemptRange;
import io.gradwatch.telemetry.runs.RunPhase;
import io.gradwatch.telemetry.runs.RunSummary;
import io.gradwatch.telemetry.runs.RunTracker;
import io.gradwatch.telemetry.runs.Sample;
import io.gradwatch.telemetry.runs.Validation;
import io.gradwatch.telemetry.stream.RunDescription;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs as rows, and back. */
final class RunRows {
    /** What {@link #summary} reads, from {@code runs r JOIN progress p USING (run_key)}. */
    static final String COLUMNS = "run_key, r.id, r.attempt, r.announced, r.started, r.started_at, p.*,"
            + " a.run_id, a.name AS given_name, a.tags AS given_tags, a.notes, a.labels, a.deleted, a.message";

    /** Where it reads that. */
    static final String TABLES = "runs r JOIN progress p USING (run_key) LEFT JOIN annotations a ON a.run_id = r.id";

    private static final int RECENT_ITERATIONS = 64;

    private RunRows() {}

    /** @param isNew whether no table has a row of it yet: then none is looked for */
    static void writeDescription(Connection c, int runKey, RunSummary run, boolean isNew) throws SQLException {
        RunStarted started = run.description().started();
        for (String table : isNew ? List.<String>of() : List.of("runs", "facts", "layers", "batch_norms")) {
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
        writeFacts(c, runKey, run);
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

    /** Makes the facts of runs again, of all that meet a condition: they follow from the other tables. */
    static void writeFacts(Connection c, String condition) throws SQLException {
        for (Numbered row : summaries(c, condition)) {
            Sql.update(c, "DELETE FROM facts WHERE run_key = ?", row.runKey());
            writeFacts(c, row.runKey(), row.run());
        }
    }

    private static void writeFacts(Connection c, int runKey, RunSummary run) throws SQLException {
        Map<String, String> facts = RunFacts.of(run.description().started(), run.result());
        Sql.update(
                c,
                "INSERT INTO facts VALUES (?, map(?, ?))",
                runKey,
                c.createArrayOf("VARCHAR", facts.keySet().toArray()),
                c.createArrayOf("VARCHAR", facts.values().toArray()));
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
            bytes(run.result()),
            Sample.bits(run.samples()),
            runKey
        };
        Sql.update(
                c,
                isNew
                        ? "INSERT INTO progress (phase, ended_at, last_seen, reason, iteration, epoch, loss, accuracy,"
                                + " learning_rate, dropped, validation_loss, validation_accuracy,"
                                + " best_validation_accuracy, seq, partition, firing_alerts, worst_severity,"
                                + " rule_state, result, samples, run_key)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        : "UPDATE progress SET phase = ?, ended_at = ?, last_seen = ?, reason = ?, iteration = ?,"
                                + " epoch = ?, loss = ?, accuracy = ?, learning_rate = ?, dropped = ?,"
                                + " validation_loss = ?, validation_accuracy = ?, best_validation_accuracy = ?,"
                                + " seq = ?, partition = ?, firing_alerts = ?, worst_severity = ?, rule_state = ?,"
                                + " result = ?, samples = ? WHERE run_key = ?",
                values);
    }

    static void writeAttempt(Connection c, int runKey, AttemptRange a, boolean isNew) throws SQLException {
        int changed = isNew
                ? 0
                : Sql.update(
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

    /** A run and its number in history. */
    record Numbered(int runKey, RunSummary run) {}

    /**
     * The runs of a query, in its order.
     *
     * @param condition what follows {@code WHERE}
     */
    static List<Numbered> summaries(Connection c, String condition, Object... arguments) throws SQLException {
        Map<Integer, List<AttemptRange>> attempts = new HashMap<>();
        Sql.query(
                c,
                "SELECT run_key, attempt, first_iteration, last_iteration, records FROM attempts WHERE run_key IN"
                        + " (SELECT run_key FROM " + TABLES + " WHERE " + condition + ") ORDER BY run_key, attempt",
                row -> attempts.computeIfAbsent(row.getInt(1), key -> new ArrayList<>())
                        .add(new AttemptRange(row.getInt(2), row.getLong(3), row.getLong(4), row.getLong(5))),
                arguments);
        return Sql.query(
                c,
                "SELECT " + COLUMNS + " FROM " + TABLES + " WHERE " + condition,
                row -> {
                    int runKey = row.getInt("run_key");
                    return new Numbered(runKey, summary(row, attempts.getOrDefault(runKey, List.of())));
                },
                arguments);
    }

    private static RunSummary summary(ResultSet row, List<AttemptRange> attempts) throws SQLException {
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
                severity,
                attempts,
                result(row.getBytes("result")),
                Sample.ofBits(row.getInt("samples")),
                Annotations.joined(row));
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
        return read(c, "true");
    }

    /** The run of this number, if there is one. */
    static List<StoredRun> readAll(Connection c, int runKey) throws SQLException {
        return read(c, "run_key = " + runKey);
    }

    private static List<StoredRun> read(Connection c, String condition) throws SQLException {
        Map<Integer, byte[]> ruleStates = new HashMap<>();
        Sql.query(
                c,
                "SELECT run_key, rule_state FROM progress WHERE rule_state IS NOT NULL AND " + condition,
                row -> ruleStates.put(row.getInt(1), row.getBytes(2)));
        List<StoredRun> runs = new ArrayList<>();
        for (Numbered row : summaries(c, condition + " ORDER BY run_key")) {
            // of a run that has ended nobody asks whether it is silent
            List<Float> times = row.run().phase().ended() ? List.of() : recentTimes(c, row.runKey(), row.run());
            RunTracker tracker =
                    new RunTracker(row.run(), times, AlertHistory.open(c, row.runKey()), validations(c, row.runKey()));
            runs.add(new StoredRun(row.runKey(), tracker, Optional.ofNullable(ruleStates.get(row.runKey()))));
        }
        return runs;
    }

    private static List<Validation> validations(Connection c, int runKey) throws SQLException {
        return Sql.query(
                c,
                "SELECT attempt, epoch, iteration, validation_loss, validation_accuracy FROM epochs WHERE run_key = ?"
                        + " ORDER BY produced_at",
                row -> new Validation(
                        row.getInt("attempt"),
                        row.getLong("epoch"),
                        row.getLong("iteration"),
                        Sql.maybeFloat(row, "validation_loss"),
                        Sql.maybeFloat(row, "validation_accuracy")),
                runKey);
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

    private static byte @Nullable [] bytes(@Nullable Result result) {
        return result == null ? null : result.toByteArray();
    }

    private static @Nullable Result result(byte @Nullable [] bytes) {
        try {
            return bytes == null ? null : Result.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new HistoryException("a run's result in history is damaged", e);
        }
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
