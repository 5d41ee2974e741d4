package io.gradwatch.telemetry.rules;

import java.util.Map;

/**
 * How long a condition must hold. Iterations and epochs count judged iterations: one that never arrived, or in which there
 * was nothing to judge, is not counted.
 *
 * @param forSpan without a break after which a pending alert fires, and after which it escalates
 * @param keepSpan without a break clearly without the condition, after which a recovering alert is resolved
 * @param warmUpIterations nothing fires before so many iterations of the run; they run together with {@code forSpan}; 0 or
 *     more
 */
public record Timing(Span forSpan, Span keepSpan, int warmUpIterations) {
    public Timing {
        if (warmUpIterations < 0) {
            throw new IllegalArgumentException("warm-up of " + warmUpIterations + " iterations; accepted is 0 or more");
        }
    }

    /** Counts iterations alone. */
    Timing(int forIterations, int keepIterations, int warmUpIterations) {
        this(Span.iterations(forIterations), Span.iterations(keepIterations), warmUpIterations);
    }

    public void describe(Map<String, Double> parameters) {
        parameters.put("for_" + forSpan.unitName(), forSpan.amount());
        parameters.put("keep_" + keepSpan.unitName(), keepSpan.amount());
        parameters.put("warm_up_iterations", (double) warmUpIterations);
    }
}
