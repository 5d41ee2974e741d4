package io.gradwatch.experiments.run;

import io.gradwatch.experiments.checkpoint.Checkpoint;
import io.gradwatch.experiments.checkpoint.EpochFigures;
import io.gradwatch.experiments.checkpoint.RunState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** How far a run is, and the best that it has seen. Belongs to the training thread. */
final class RunPosition implements AutoCloseable {
    private long iterations;
    private int epoch;
    private int position;
    private BatchResult sums = BatchResult.NOTHING;
    private final List<EpochFigures> epochs = new ArrayList<>();
    private @Nullable EpochFigures best;
    private @Nullable INDArray bestParameters;
    private @Nullable Double learningRate;

    private RunPosition() {}

    /** Before the first step. */
    static RunPosition atStart() {
        return new RunPosition();
    }

    /** Where a checkpoint was written. */
    static RunPosition of(Checkpoint checkpoint) {
        RunState state = checkpoint.state();
        RunPosition at = new RunPosition();
        at.iterations = state.iteration();
        at.epoch = state.epoch();
        at.position = state.position();
        at.sums = new BatchResult(
                state.sums().images(), state.sums().loss(), state.sums().correct());
        at.epochs.addAll(state.epochs());
        at.learningRate = state.learningRate();
        Integer bestEpoch = state.bestEpoch();
        if (bestEpoch != null) {
            at.best = state.epochs().stream()
                    .filter(figures -> figures.epoch() == bestEpoch)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no figures of the best epoch " + bestEpoch));
            at.bestParameters = checkpoint
                    .bestParameters()
                    .orElseThrow(() -> new IllegalArgumentException("no parameters of the best epoch " + bestEpoch));
        }
        return at;
    }

    /** Steps done. */
    long iterations() {
        return iterations;
    }

    /** Of the next step, 0-based. */
    int epoch() {
        return epoch;
    }

    /** Of the next step in its epoch, 0-based. */
    int position() {
        return position;
    }

    /** The learning rate that was set in place of the schedule's; null: none was. */
    @Nullable
    Double learningRate() {
        return learningRate;
    }

    void learningRate(double rate) {
        learningRate = rate;
    }

    /** Over the epoch's steps so far. */
    BatchResult sums() {
        return sums;
    }

    List<EpochFigures> epochs() {
        return epochs;
    }

    /** The epoch with the best validation accuracy so far. */
    Optional<EpochFigures> best() {
        return Optional.ofNullable(best);
    }

    /** The network's parameters after {@link #best}. */
    @Nullable
    INDArray bestParameters() {
        return bestParameters;
    }

    void stepDone(BatchResult result) {
        iterations++;
        position++;
        sums = sums.plus(result);
    }

    /**
     * Goes on to the next epoch.
     *
     * @param validation empty if the epoch is not validated
     * @param parameters of the network now; copied if the epoch is the best so far
     */
    EpochFigures epochDone(Optional<BatchResult> validation, INDArray parameters) {
        EpochFigures figures = new EpochFigures(
                epoch,
                iterations - 1,
                sums.meanLoss(),
                sums.accuracy(),
                validation.map(BatchResult::meanLoss).orElse(null),
                validation.map(BatchResult::accuracy).orElse(null));
        epochs.add(figures);
        if (isBetter(figures)) {
            best = figures;
            keep(parameters);
        }
        epoch++;
        position = 0;
        sums = BatchResult.NOTHING;
        return figures;
    }

    private boolean isBetter(EpochFigures figures) {
        Double accuracy = figures.validationAccuracy();
        EpochFigures previous = best;
        if (accuracy == null) {
            return false;
        }
        Double least = previous == null ? null : previous.validationAccuracy();
        return least == null || accuracy > least;
    }

    private void keep(INDArray parameters) {
        INDArray kept = bestParameters;
        if (kept == null) {
            try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
                bestParameters = parameters.dup();
            }
        } else {
            kept.assign(parameters);
        }
    }

    /** Figures of what the network is now, where no epoch was validated. */
    EpochFigures last() {
        if (sums.images() == 0 && !epochs.isEmpty()) {
            return epochs.get(epochs.size() - 1);
        }
        return new EpochFigures(epoch, iterations - 1, sums.meanLoss(), sums.accuracy(), null, null);
    }

    @Override
    public void close() {
        if (bestParameters != null) {
            bestParameters.close();
            bestParameters = null;
        }
    }
}
