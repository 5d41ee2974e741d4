package io.gradwatch.telemetry.rules;

import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.contract.v1.TrainerState;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One event of a run and what is known besides it: what rules look at.
 *
 * @param run of the newest attempt
 * @param attempt of the event
 * @param iteration the event, if it is an iteration
 * @param epoch the event, if it is an epoch
 * @param trainer the event, if it is a word on the trainer
 * @param profile smoothed gradients over depth; without layers where there are none to judge
 * @param trace of all iterations so far, this one included
 * @param evaluated iterations of the run so far, this one included
 * @param firing names of the rules before this one that fire now
 */
public record Signals(
        RunStarted run,
        int attempt,
        @Nullable Iteration iteration,
        @Nullable Epoch epoch,
        @Nullable TrainerState trainer,
        DepthProfile profile,
        Trace trace,
        long evaluated,
        Set<String> firing) {

    /** 0: not known. */
    public int iterationsPerEpoch() {
        return run.getIterationsPerEpoch();
    }

    /** For how many iterations attempt and learning rate have been the same. */
    long steadyFor() {
        return evaluated - trace.steadySince();
    }

    /** The name of a layer as people know it. */
    public String layerName(int layer) {
        String name = layer < run.getLayersCount() ? run.getLayers(layer).getName() : "";
        return name.isEmpty() ? "layer " + layer : name + " (layer " + layer + ")";
    }

    /** The name of a batch-normalisation layer. */
    public String batchNormName(int bn) {
        String name = bn < run.getBatchNormsCount() ? run.getBatchNorms(bn).getName() : "";
        return name.isEmpty() ? "batch norm " + bn : name;
    }

    Signals withEpoch(int attemptOfEpoch, Epoch event) {
        return new Signals(run, attemptOfEpoch, null, event, null, profile, trace, evaluated, firing);
    }

    Signals withTrainer(int attemptOfState, TrainerState event) {
        return new Signals(run, attemptOfState, null, null, event, profile, trace, evaluated, firing);
    }

    Signals seenBy(Set<String> firingBefore) {
        return new Signals(run, attempt, iteration, epoch, trainer, profile, trace, evaluated, firingBefore);
    }
}
