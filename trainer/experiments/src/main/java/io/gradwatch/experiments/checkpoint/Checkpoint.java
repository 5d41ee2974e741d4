package io.gradwatch.experiments.checkpoint;

import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A run's state, read back. Its arrays lie outside the heap until {@link #close}. */
public final class Checkpoint implements AutoCloseable {
    private final String fileName;
    private final RunState state;
    private final INDArray parameters;
    private final INDArray updaterState;
    private final @Nullable INDArray bestParameters;
    private boolean closed;

    Checkpoint(
            String fileName,
            RunState state,
            INDArray parameters,
            INDArray updaterState,
            @Nullable INDArray bestParameters) {
        this.fileName = fileName;
        this.state = state;
        this.parameters = parameters;
        this.updaterState = updaterState;
        this.bestParameters = bestParameters;
    }

    /** Name of the file in its run's folder. */
    public String fileName() {
        return fileName;
    }

    public RunState state() {
        return state;
    }

    /** A copy of the best epoch's parameters, [1, n]; empty if no epoch was validated before. */
    public Optional<INDArray> bestParameters() {
        return Optional.ofNullable(bestParameters).map(INDArray::dup);
    }

    /**
     * Puts a network where the run was: parameters with the running averages of batch normalisation, the updater's
     * state, the counters of iterations and epochs.
     *
     * @param network built from the run's settings
     * @throws IllegalArgumentException if the network is another one; it is then as before
     */
    public void restore(ComputationGraph network) {
        INDArray updater = network.getUpdater().getStateViewArray();
        requireLength("parameters", parameters, network.params());
        requireLength("numbers of the updater", updaterState, updater);
        network.params().assign(parameters.reshape(network.params().shape()));
        updater.assign(updaterState.reshape(updater.shape()));
        network.getConfiguration().setIterationCount(Math.toIntExact(state.iteration()));
        network.getConfiguration().setEpochCount(state.epoch());
    }

    private void requireLength(String what, INDArray stored, INDArray expected) {
        if (stored.length() != expected.length() || stored.dataType() != expected.dataType()) {
            throw new IllegalArgumentException(fileName + " has " + stored.length() + " " + what + " of type "
                    + stored.dataType() + ", the run's network has " + expected.length() + " of "
                    + expected.dataType());
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        parameters.close();
        updaterState.close();
        if (bestParameters != null) {
            bestParameters.close();
        }
    }
}
