package io.gradwatch.telemetry.stream;

import io.gradwatch.contract.v1.Histograms;

/**
 * How gradients and parameters of one run were distributed in one iteration.
 *
 * @param runId the run
 * @param attempt the attempt that the iteration belongs to
 * @param producedAtMs when the trainer made the record, milliseconds since the epoch, by the trainer's clock
 * @param histograms the values
 */
public record HistogramsRecord(String runId, int attempt, long producedAtMs, Histograms histograms) {}
