package io.gradwatch.telemetry.stream;

import io.gradwatch.contract.v1.TrainerState;

/**
 * A word on whether a run's trainer trains, by itself or by the service, as read from {@code gradwatch.commands}.
 *
 * @param attempt of the run
 * @param partition of the record
 * @param offset of the record
 * @param producedAtMs by the clock of who said it, milliseconds since the epoch
 */
public record TrainerRecord(
        String runId, int attempt, int partition, long offset, long producedAtMs, TrainerState state) {}
