package io.gradwatch.telemetry.rules;

import io.gradwatch.contract.v1.Iteration;

/**
 * What several rules want to know of the iterations so far. Immutable.
 *
 * @param loss exponentially weighted mean of the finite losses, half-life {@link #HALF_LIFE}; NaN before the first
 * @param accuracy likewise; NaN before the first
 * @param learningRate of the last iteration that told it; NaN before the first
 * @param steadySince number of the evaluated iteration since which neither the attempt has changed nor the learning rate by
 *     more than a tenth at once
 */
record Trace(double loss, double accuracy, double learningRate, long steadySince) {
    /** Iterations after which a value counts half. */
    static final double HALF_LIFE = 100;

    private static final double WEIGHT = 1 - Math.pow(2, -1 / HALF_LIFE);
    private static final double STEP = 0.1;

    static final Trace NONE = new Trace(Double.NaN, Double.NaN, Double.NaN, 0);

    /** @param evaluated the iteration's number, from 1 on */
    Trace with(Iteration iteration, long evaluated, boolean newAttempt) {
        double rate = iteration.hasLearningRate() ? iteration.getLearningRate() : learningRate;
        boolean jumped = !Double.isNaN(learningRate) && Math.abs(rate - learningRate) > STEP * Math.abs(learningRate);
        return new Trace(
                iteration.hasLoss() ? mean(loss, iteration.getLoss()) : loss,
                iteration.hasAccuracy() ? mean(accuracy, iteration.getAccuracy()) : accuracy,
                rate,
                newAttempt || jumped ? evaluated : steadySince);
    }

    private static double mean(double before, double value) {
        if (!Double.isFinite(value)) {
            return before;
        }
        return Double.isNaN(before) ? value : before + WEIGHT * (value - before);
    }
}
