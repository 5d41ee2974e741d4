package io.gradwatch.telemetry.history;

import io.gradwatch.telemetry.runs.AttemptRange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which rows of a run count: an attempt replaces everything from its first iteration on that older attempts have left.
 *
 * @param runKey the run's number in history
 * @param attempts of which there are iterations, oldest first
 * @param layers rows of a heat map over its layers
 * @param batchNorms rows of a heat map over its BN layers
 */
public record RunExtent(int runKey, String runId, List<AttemptRange> attempts, int layers, int batchNorms) {
    public RunExtent {
        attempts = List.copyOf(attempts);
    }

    static Optional<RunExtent> find(Connection c, String runId) throws SQLException {
        record Found(int runKey, boolean announced) {}
        Optional<Found> found = Sql.first(
                c,
                "SELECT run_key, announced FROM runs WHERE id = ?",
                row -> new Found(row.getInt(1), row.getBoolean(2)),
                runId);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        int key = found.get().runKey();
        boolean announced = found.get().announced();
        return Optional.of(new RunExtent(
                key,
                runId,
                RunRows.attempts(c, key),
                count(c, key, announced ? "layers" : "layer_values", "layer"),
                count(c, key, announced ? "batch_norms" : "bn_values", "bn")));
    }

    private static int count(Connection c, int runKey, String table, String index) throws SQLException {
        return Sql.first(
                        c,
                        "SELECT coalesce(max(" + index + ") + 1, 0) FROM " + table + " WHERE run_key = ?",
                        row -> OptionalInt.of(row.getInt(1)),
                        runKey)
                .orElseThrow()
                .getAsInt();
    }

    /** One more than the last iteration that counts; 0 without any. */
    public long end() {
        long end = 0;
        long limit = Long.MAX_VALUE;
        for (int i = attempts.size() - 1; i >= 0; i--) {
            AttemptRange a = attempts.get(i);
            if (a.firstIteration() < limit) {
                end = Math.max(end, Math.min(a.lastIteration(), limit - 1) + 1);
            }
            limit = Math.min(limit, a.firstIteration());
        }
        return end;
    }

    /** A condition on {@code attempt} and {@code iteration} that holds for rows that count. */
    String visible() {
        List<String> limits = new ArrayList<>();
        long limit = Long.MAX_VALUE;
        for (int i = attempts.size() - 1; i >= 0; i--) {
            AttemptRange a = attempts.get(i);
            if (limit != Long.MAX_VALUE && a.lastIteration() >= limit) {
                limits.add("NOT (attempt = " + a.attempt() + " AND iteration >= " + limit + ")");
            }
            limit = Math.min(limit, a.firstIteration());
        }
        return limits.isEmpty() ? "true" : String.join(" AND ", limits);
    }
}
