package io.gradwatch.telemetry.rules.peers;

import io.gradwatch.telemetry.rules.Signals;
import io.gradwatch.telemetry.rules.Span;

/** When a tool judges. */
@FunctionalInterface
interface Moment {
    boolean isNow(Signals signals);

    /** Every iteration. */
    static Moment everyIteration() {
        return signals -> signals.iteration() != null;
    }

    /** Every so many iterations, the first one among them. */
    static Moment every(int iterations) {
        return signals -> signals.iteration() != null && signals.iteration().getIteration() % iterations == 0;
    }

    /** The first iterations of a run. */
    static Moment first(int iterations) {
        return signals -> signals.iteration() != null && signals.iteration().getIteration() < iterations;
    }

    /** The end of every epoch. */
    static Moment epochEnds() {
        return signals -> signals.epoch() != null;
    }

    /**
     * The last iteration of some epochs, for what is measured in iterations.
     *
     * @param everyEpochs every so many
     * @param from share of the planned epochs before which it does not judge
     * @param to share of the planned epochs after which it does not
     */
    static Moment lastOfEpoch(int everyEpochs, double from, double to) {
        return signals -> {
            if (signals.iteration() == null) {
                return false;
            }
            int length = signals.iterationsPerEpoch() > 0 ? signals.iterationsPerEpoch() : Span.EPOCH_OF_UNKNOWN_LENGTH;
            long done = signals.iteration().getIteration() + 1;
            return done % length == 0 && isDue(signals, done / length, everyEpochs, from, to);
        };
    }

    /** The end of some epochs, for what is measured in epochs; likewise. */
    static Moment epochEnds(int everyEpochs, double from, double to) {
        return signals ->
                signals.epoch() != null && isDue(signals, signals.epoch().getEpoch() + 1L, everyEpochs, from, to);
    }

    private static boolean isDue(Signals signals, long epochs, int every, double from, double to) {
        int planned = signals.run().getPlannedEpochs();
        return epochs % every == 0 && (planned <= 0 || (epochs > from * planned && epochs <= to * planned));
    }
}
