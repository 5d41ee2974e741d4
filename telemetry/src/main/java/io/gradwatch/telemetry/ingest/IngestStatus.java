package io.gradwatch.telemetry.ingest;

import io.gradwatch.telemetry.history.Counters;
import org.jspecify.annotations.Nullable;

/**
 * How ingest is doing.
 *
 * @param connected whether Kafka answers
 * @param caughtUp whether the log has been read up to where its end was when reading began
 * @param lag records in the log that have not been read yet, as far as known
 * @param counters what has been read, ever
 * @param problem why history is not written at the moment, in words; null when it is
 * @param ruleNanos time spent judging since reading last began
 */
public record IngestStatus(
        boolean connected,
        boolean caughtUp,
        long lag,
        Counters counters,
        @Nullable String problem,
        long ruleNanos) {
    public IngestStatus(boolean connected, boolean caughtUp, long lag, Counters counters, @Nullable String problem) {
        this(connected, caughtUp, lag, counters, problem, 0);
    }

    /** Nothing stands in the way of writing. */
    public IngestStatus(boolean connected, boolean caughtUp, long lag, Counters counters) {
        this(connected, caughtUp, lag, counters, null);
    }
}
