package io.gradwatch.telemetry.stream;

import io.gradwatch.contract.v1.Epoch;

/**
 * One finished epoch of one run, with its place in the log.
 *
 * @param runId the run
 * @param attempt the attempt that made the epoch
 * @param partition partition of {@code gradwatch.epochs}
 * @param offset the record's Kafka offset in that partition
 * @param producedAtMs when the trainer made the record, milliseconds since the epoch, by the trainer's clock
 * @param epoch the values
 */
public record EpochRecord(String runId, int attempt, int partition, long offset, long producedAtMs, Epoch epoch) {}
