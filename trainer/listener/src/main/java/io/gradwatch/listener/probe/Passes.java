package io.gradwatch.listener.probe;

import io.gradwatch.listener.network.NetworkLayout;
import io.gradwatch.listener.network.TrainedModel;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Forward and backward passes without steps. {@link #close} gives the model back bit by bit as it was: parameters (with
 * the running values of batch normalisation among them), gradient memory, score, listeners, inputs; and ND4J's random
 * numbers, which every pass begins with anew, so that all passes of one measurement have the same dropout. The updater's
 * state and the counts of iterations and epochs are never touched; listeners hear nothing.
 */
final class Passes implements AutoCloseable {
    private final TrainedModel model;
    private final NetworkLayout layout;
    private final MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
    private final INDArray parameters;
    private final @Nullable INDArray gradient;
    private final double score;
    private final List<TrainingListener> listeners;
    private final Random random = Nd4j.getRandom();
    private final long rootState = random.rootState();
    private final long nodeState = random.nodeState();
    private double loss;

    private Passes(TrainedModel model, NetworkLayout layout) {
        this.model = model;
        this.layout = layout;
        INDArray gradientNow = model.gradient();
        this.parameters = model.parameters().dup();
        this.gradient = gradientNow == null ? null : gradientNow.dup();
        this.score = model.score();
        this.listeners = new ArrayList<>(model.listeners());
        model.listeners().clear();
        model.listeners().add(new BaseTrainingListener() {
            @Override
            public void onBackwardPass(Model trained) {
                loss = PreciseLoss.of(model);
            }
        });
    }

    /**
     * Prepares a model.
     *
     * @throws IllegalArgumentException when it is not one that {@link TrainedModel#of} and {@link NetworkLayout#of} take
     */
    static Passes on(Model model) {
        TrainedModel trained = TrainedModel.of(model);
        return new Passes(trained, NetworkLayout.of(trained));
    }

    NetworkLayout layout() {
        return layout;
    }

    /** The parameters as they were at the beginning. Not to be changed. */
    INDArray parameters() {
        return parameters;
    }

    /** Puts the parameters at a distance along a direction from where they were. */
    void move(INDArray direction, double distance) {
        INDArray now = model.parameters();
        now.assign(parameters);
        now.addi(direction.mul(distance).reshape(now.shape()));
    }

    /**
     * The gradient of the batch's summed loss at the present parameters, flattened: the model's own memory, overwritten by
     * the next pass. Where the running values of batch normalisation stand, it holds something else.
     */
    INDArray gradient(INDArray[] features, INDArray[] labels) {
        random.setStates(rootState, nodeState);
        model.backpropagate(features, labels);
        INDArray computed = model.gradient();
        if (computed == null) {
            throw new IllegalStateException("the model has no gradient after a backward pass");
        }
        return computed;
    }

    /** Mean loss of the last pass, without penalties. */
    double loss() {
        return loss;
    }

    @Override
    public void close() {
        model.parameters().assign(parameters);
        INDArray now = model.gradient();
        if (gradient != null && now != null) {
            now.assign(gradient);
        }
        model.score(score);
        model.listeners().clear();
        model.listeners().addAll(listeners);
        random.setStates(rootState, nodeState);
        outside.close();
    }
}
