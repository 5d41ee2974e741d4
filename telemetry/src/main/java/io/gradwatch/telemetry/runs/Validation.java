package io.gradwatch.telemetry.runs;

import org.jspecify.annotations.Nullable;

/**
 * How well a run did at the end of an epoch.
 *
 * @param attempt the attempt that made the epoch
 * @param epoch 0-based
 * @param iteration the epoch's last
 * @param loss null: not measured
 * @param accuracy null: not measured
 */
public record Validation(
        int attempt,
        long epoch,
        long iteration,
        @Nullable Float loss,
        @Nullable Float accuracy) {}
