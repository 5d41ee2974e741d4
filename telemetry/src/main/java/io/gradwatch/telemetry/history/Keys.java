package io.gradwatch.telemetry.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** Numbers for new runs and alerts: each is given once, whoever asks. Any thread. */
final class Keys {
    private final AtomicInteger runs;
    private final AtomicInteger alerts;

    private Keys(int runs, int alerts) {
        this.runs = new AtomicInteger(runs);
        this.alerts = new AtomicInteger(alerts);
    }

    /** Above all numbers that the file has. */
    static Keys above(Connection c) throws SQLException {
        return new Keys(
                Math.max(greatest(c, "run_key", "runs"), greatest(c, "run_key", RunTables.AWAY)),
                greatest(c, "alert_key", "transitions"));
    }

    int nextRun() {
        return runs.incrementAndGet();
    }

    int nextAlert() {
        return alerts.incrementAndGet();
    }

    /** Takes {@code n} numbers; the smallest is one more than what is returned. */
    int alerts(int n) {
        return alerts.getAndAdd(n);
    }

    private static int greatest(Connection c, String column, String table) throws SQLException {
        return Sql.first(c, "SELECT coalesce(max(" + column + "), 0) FROM " + table, row -> row.getInt(1))
                .orElseThrow();
    }
}
