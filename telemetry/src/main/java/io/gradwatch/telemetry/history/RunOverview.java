package io.gradwatch.telemetry.history;

import io.gradwatch.contract.v1.Alert;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How a run does, in little: for a list of runs.
 *
 * @param seq newest sequence number in history that it is of; −1 before the first
 * @param layers of the newest iteration that has values by layer; null before the first
 * @param iterationMs mean of the newest 20 iteration times; empty where none was measured, and of a run that has ended
 * @param range the run's iterations, in buckets
 * @param loss by bucket, in ascending order, without empty ones
 * @param alerts newest transitions of those that are not over, the newest alert first
 */
public record RunOverview(
        String runId,
        long seq,
        @Nullable Layers layers,
        OptionalDouble iterationMs,
        Buckets range,
        List<Bucket> loss,
        List<OpenAlert> alerts) {
    public RunOverview {
        loss = List.copyOf(loss);
        alerts = List.copyOf(alerts);
    }

    /**
     * The layers' gradients in one iteration.
     *
     * @param meanAbs by index of the layer; null where it was not measured
     * @param notFinite layers with elements that are NaN or infinite, in ascending order
     * @param skip layers on skip paths, in ascending order
     */
    public record Layers(long iteration, List<@Nullable Float> meanAbs, List<Integer> notFinite, List<Integer> skip) {
        public Layers {
            notFinite = List.copyOf(notFinite);
            skip = List.copyOf(skip);
        }
    }

    /**
     * An alert that is pending, firing or recovering, or has no data.
     *
     * @param acknowledged whether somebody has seen it
     */
    public record OpenAlert(Alert newest, boolean acknowledged) {}
}
