package io.gradwatch.telemetry.republish;

import io.gradwatch.telemetry.replay.Pace;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sent where.
 *
 * @param topic the one topic for everything; null for Gradwatch's own, each record to its own one
 * @param newRunId instead of the run's; null: the bytes stay as they are
 * @param pace null: as fast as it goes
 * @param from first iteration
 * @param to the iteration before which it ends; then the run's end is not sent either
 */
public record Plan(
        String runId,
        @Nullable String topic,
        @Nullable String newRunId,
        @Nullable Pace pace,
        OptionalLong from,
        OptionalLong to) {
    boolean includes(Stored record) {
        long iteration = record.iteration();
        if (iteration < 0) {
            return !record.envelope().hasRunEnded() || to.isEmpty();
        }
        return iteration >= from.orElse(0) && iteration < to.orElse(Long.MAX_VALUE);
    }
}
