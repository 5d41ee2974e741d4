package io.gradwatch.listener;

import io.gradwatch.listener.command.LearningRate;
import io.gradwatch.listener.network.TrainedModel;
import java.util.OptionalDouble;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;

/** The learning rate of a model's first layer with parameters. For the training thread. */
final class ModelLearningRate implements LearningRate {
    private final TrainedModel model;
    private final @Nullable Layer layer;

    ModelLearningRate(TrainedModel model) {
        this.model = model;
        this.layer = model.nodes().stream()
                .map(TrainedModel.Node::layer)
                .filter(layer -> layer != null && layer.numParams() > 0)
                .findFirst()
                .orElse(null);
    }

    /** That of an iteration; empty where the updater has none. Read every time, because a training loop may replace it. */
    OptionalDouble at(int iteration, int epoch) {
        Layer first = layer;
        IUpdater updater =
                first != null && first.conf().getLayer() instanceof BaseLayer conf ? conf.getIUpdater() : null;
        return updater != null && updater.hasLearningRate()
                ? OptionalDouble.of(updater.getLearningRate(iteration, epoch))
                : OptionalDouble.empty();
    }

    @Override
    public OptionalDouble now() {
        return at(model.iterations(), model.epochs());
    }

    /** All layers get it, in place of their schedules; the updater keeps its state. */
    @Override
    public void set(double rate) {
        Model trained = model.model();
        // the updater's state may be laid out anew, and outlives the present step
        try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            if (trained instanceof ComputationGraph graph) {
                graph.setLearningRate(rate);
            } else if (trained instanceof MultiLayerNetwork network) {
                network.setLearningRate(rate);
            }
        }
    }
}
