package io.gradwatch.telemetry.runs;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.telemetry.stream.RunDescription;
import org.jspecify.annotations.Nullable;

/**
 * A run as {@code GET /runs/{id}} shows it. Null means: not known (yet), or not measured.
 *
 * @param description the newest attempt
 * @param announced false while nothing but iterations or epochs of the run has been read
 * @param startedAtMs as announced; when not announced, the stamp of the first record read
 * @param endedAtMs null while the run goes on
 * @param lastSeenMs when its newest record was read, by the service's clock
 * @param reason why it ended, or empty
 * @param iteration newest iteration of the newest attempt
 * @param dropped records that this attempt had to drop so far
 * @param bestValidationAccuracy over all epochs seen; NaN does not count
 * @param seq sequence number of the newest iteration record; -1 before the first
 * @param partition partition of that record; -1 before the first
 * @param worstSeverity of the firing alerts; null without any
 */
public record RunSummary(
        RunDescription description,
        boolean announced,
        RunPhase phase,
        long startedAtMs,
        @Nullable Long endedAtMs,
        long lastSeenMs,
        String reason,
        @Nullable Long iteration,
        @Nullable Long epoch,
        @Nullable Float loss,
        @Nullable Float accuracy,
        @Nullable Float learningRate,
        long dropped,
        @Nullable Float validationLoss,
        @Nullable Float validationAccuracy,
        @Nullable Float bestValidationAccuracy,
        long seq,
        int partition,
        int firingAlerts,
        Alert.@Nullable Severity worstSeverity) {

    /** The run's id. */
    public String id() {
        return description.runId();
    }
}
