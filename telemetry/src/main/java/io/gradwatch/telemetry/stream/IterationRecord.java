package io.gradwatch.telemetry.stream;

import io.gradwatch.contract.v1.Iteration;

/**
 * One iteration of one run, with its place in the log.
 *
 * @param runId the run, valid by {@link io.gradwatch.contract.RunIds}
 * @param attempt 1 for the first start, one more after each resume
 * @param partition partition of {@code gradwatch.iterations}
 * @param seq the record's Kafka offset in that partition: grows with every record of a run, though not by one, and is
 *     the sequence number by which viewers resume
 * @param producedAtMs when the trainer made the record, milliseconds since the epoch, by the trainer's clock
 * @param iteration the values
 */
public record IterationRecord(
        String runId, int attempt, int partition, long seq, long producedAtMs, Iteration iteration) {}
