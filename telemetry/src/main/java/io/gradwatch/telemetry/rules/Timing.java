package io.gradwatch.telemetry.rules;

import java.util.Map;

/**
 * How long a condition must hold. All three count evaluated iterations: one that never arrived is not counted.
 *
 * @param forIterations consecutive iterations after which a pending alert fires, and after which it escalates; 1 or more
 * @param keepIterations consecutive iterations without it after which a recovering alert is resolved; 1 or more
 * @param warmUpIterations nothing fires before so many iterations of the run; they run together with {@code
 *     forIterations}; 0 or more
 */
record Timing(int forIterations, int keepIterations, int warmUpIterations) {
    Timing {
        if (forIterations < 1 || keepIterations < 1 || warmUpIterations < 0) {
            throw new IllegalArgumentException("timing for " + forIterations + ", keep " + keepIterations + ", warm-up "
                    + warmUpIterations + "; accepted are 1, 1 and 0 or more");
        }
    }

    void describe(Map<String, Double> parameters) {
        parameters.put("for_iterations", (double) forIterations);
        parameters.put("keep_iterations", (double) keepIterations);
        parameters.put("warm_up_iterations", (double) warmUpIterations);
    }
}
