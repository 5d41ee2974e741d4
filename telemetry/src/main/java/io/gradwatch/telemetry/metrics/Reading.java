package io.gradwatch.telemetry.metrics;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the service knows of itself at a moment, as far as it counts that anyway.
 *
 * @param records read from Kafka since history began; likewise iterations, malformed and unknown
 * @param lost records that Kafka had deleted before they were read
 * @param lag records in Kafka that have not been read yet
 * @param ruleSeconds spent judging since reading last began
 * @param runs those that go on; few, as each becomes six series
 */
public record Reading(
        long records,
        long iterations,
        long malformed,
        long unknown,
        long lost,
        long lag,
        boolean connected,
        boolean writable,
        double ruleSeconds,
        long historyBytes,
        long historyIterations,
        int viewers,
        List<OfRun> runs) {
    static final Reading NOTHING = new Reading(0, 0, 0, 0, 0, 0, false, false, 0, 0, 0, 0, List.of());

    public Reading {
        runs = List.copyOf(runs);
    }

    /** Of one run; null: not measured, and NaN is a measurement. */
    public record OfRun(
            String id,
            @Nullable Number iteration,
            @Nullable Number loss,
            @Nullable Number accuracy,
            @Nullable Number learningRate,
            @Nullable Number dropped,
            @Nullable Number firingAlerts) {}
}
