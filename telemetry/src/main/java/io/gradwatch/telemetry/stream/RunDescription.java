package io.gradwatch.telemetry.stream;

import io.gradwatch.contract.v1.RunStarted;

/**
 * What is known of a run before its first iteration.
 *
 * @param runId the run
 * @param attempt the attempt that {@code started} describes
 * @param started as sent by the trainer; empty ({@code RunStarted.getDefaultInstance()}) when iterations of a run arrive
 *     that was never announced: then layers have no names and all count as main path
 */
public record RunDescription(String runId, int attempt, RunStarted started) {}
