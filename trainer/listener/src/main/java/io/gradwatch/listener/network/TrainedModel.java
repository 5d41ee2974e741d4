package io.gradwatch.listener.network;

import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One face for the two kinds of network. Belongs to the training thread. */
public sealed interface TrainedModel permits GraphModel, SequentialModel {
    /**
     * A step of the forward pass.
     *
     * @param name unique in the network
     * @param inputs names of the steps whose output it takes, in order; the network's own inputs are left out
     * @param layer null for a step that is no layer, an addition for example
     * @param sum whether it adds its inputs and does nothing else
     * @param parameters length of its part of the flattened arrays
     */
    record Node(String name, List<String> inputs, @Nullable Layer layer, boolean sum, long parameters) {}

    /**
     * Wraps a model.
     *
     * @throws IllegalArgumentException when it is neither a ComputationGraph nor a MultiLayerNetwork, or is not
     *     initialised
     */
    static TrainedModel of(Model model) {
        if (model instanceof ComputationGraph graph) {
            requireInitialised(graph.getVertices() != null && graph.params() != null);
            return new GraphModel(graph);
        }
        if (model instanceof MultiLayerNetwork network) {
            requireInitialised(network.getLayers() != null && network.params() != null);
            return new SequentialModel(network);
        }
        throw new IllegalArgumentException("a model of type " + model.getClass().getName()
                + "; accepted are ComputationGraph and MultiLayerNetwork");
    }

    private static void requireInitialised(boolean initialised) {
        if (!initialised) {
            throw new IllegalArgumentException("the model has no parameters yet: call init() first");
        }
    }

    /** The model itself. */
    Model model();

    /** Steps in forward order, which is also the order of the flattened arrays. */
    List<Node> nodes();

    /**
     * The flattened gradient: summed over the batch before the updater, the applied update after it. Null before the
     * first backward pass.
     */
    @Nullable
    INDArray gradient();

    /** The flattened parameters. */
    INDArray parameters();

    /** Examples in the present batch. */
    int batchSize();

    /** Loss of the present batch with its penalties. */
    double score();

    /** The L1 and L2 penalties that {@link #score} contains, for the present parameters. */
    double penalty();

    /** Sets {@link #score}. */
    void score(double score);

    /** Iterations made so far, in earlier attempts too: the number of the next one. */
    int iterations();

    /** Epochs completed so far. */
    int epochs();

    /** The model's own list of listeners, not a copy. */
    Collection<TrainingListener> listeners();

    /**
     * Computes score and gradient of a batch as {@code fit} does, in training mode, and makes no step. Afterwards
     * the model has the inputs that it had, and its layers keep nothing of the batch.
     *
     * @param features one array for each of the network's inputs
     * @param labels one array for each output
     */
    void backpropagate(INDArray[] features, INDArray[] labels);

    /** The layer that computes the loss; null when there is not exactly one. */
    @Nullable
    Layer output();

    /** Whether the output's examples have a mask, so that not all of them count. */
    boolean masked();
}
