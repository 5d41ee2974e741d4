package io.gradwatch.telemetry.history;

import io.gradwatch.contract.v1.Alert;

/**
 * A transition that is in history, or is about to be, on its way to {@code gradwatch.alerts}.
 *
 * @param producedAtMs stamp of the iteration that led to it
 */
public record OutboxAlert(String runId, int attempt, long producedAtMs, Alert alert) {

    /** What tells transitions apart, also for readers of the topic. */
    public Key key() {
        return new Key(alert.getAlertId(), alert.getTransition());
    }

    /** Key against duplicates. */
    public record Key(String alertId, int transition) {}
}
