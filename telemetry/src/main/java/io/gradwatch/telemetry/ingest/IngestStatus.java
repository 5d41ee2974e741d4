package io.gradwatch.telemetry.ingest;

import io.gradwatch.telemetry.history.Counters;

/**
 * How ingest is doing.
 *
 * @param connected whether Kafka answers
 * @param caughtUp whether the log has been read up to where its end was when reading began
 * @param lag records in the log that have not been read yet, as far as known
 * @param counters what has been read, ever
 */
public record IngestStatus(boolean connected, boolean caughtUp, long lag, Counters counters) {}
