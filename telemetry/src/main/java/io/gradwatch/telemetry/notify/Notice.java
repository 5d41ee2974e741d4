package io.gradwatch.telemetry.notify;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Envelope;

/**
 * One transition of an alert, to be told.
 *
 * @param envelope the record of {@code gradwatch.alerts}
 * @param runName as people know the run
 */
record Notice(Envelope envelope, String runName) {
    String runId() {
        return envelope.getRunId();
    }

    Alert alert() {
        return envelope.getAlert();
    }

    /** The same whenever this transition is told, and different from every other one's. */
    String key() {
        return alert().getAlertId() + "#" + alert().getTransition();
    }
}
