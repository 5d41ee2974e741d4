package io.gradwatch.telemetry.notify;

import io.gradwatch.telemetry.runs.Attention;

/**
 * What notifications need to know of a run.
 *
 * @param name as people know it
 * @param attention what they say about its alerts
 */
public record KnownRun(String name, Attention attention) {}
