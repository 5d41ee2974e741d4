package io.gradwatch.telemetry.history;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where two runs part.
 *
 * @param from first iteration that both runs have
 * @param to one more than the last one; equal to {@code from} when they have none in common
 * @param metrics what was compared, in the order asked for
 */
public record Divergence(long from, long to, List<OfMetric> metrics) {
    public Divergence {
        metrics = List.copyOf(metrics);
    }

    /**
     * A metric's first difference.
     *
     * @param iteration null: none
     * @param differing what differs in that iteration, in the order of the layers; empty without a difference
     */
    public record OfMetric(Metric metric, @Nullable Long iteration, List<Difference> differing) {
        public OfMetric {
            differing = List.copyOf(differing);
        }

        /**
         * The layer where the difference begins: of gradients, which come from the loss, the differing layer nearest to
         * it; of all else the one nearest to the input. Empty for a metric of the run, and without a difference.
         */
        public Optional<Difference> responsible() {
            if (differing.isEmpty() || metric.scope() == Metric.Scope.RUN) {
                return Optional.empty();
            }
            boolean backwards = metric.name().startsWith("gradient.");
            return Optional.of(differing.get(backwards ? differing.size() - 1 : 0));
        }
    }

    /**
     * Two values that differ.
     *
     * @param layer null for a metric of the run
     * @param a of the first run; null: not measured
     * @param b of the second run; null: not measured
     */
    public record Difference(
            @Nullable Integer layer,
            @Nullable Double a,
            @Nullable Double b) {}

    /** The metric whose first difference comes first; of several the first in the order asked for. */
    public Optional<OfMetric> first() {
        OfMetric first = null;
        for (OfMetric one : metrics) {
            if (one.iteration() != null
                    && (first == null || first.iteration() == null || one.iteration() < first.iteration())) {
                first = one;
            }
        }
        return Optional.ofNullable(first);
    }
}
