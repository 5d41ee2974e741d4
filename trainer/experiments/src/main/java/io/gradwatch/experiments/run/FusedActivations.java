package io.gradwatch.experiments.run;

import io.gradwatch.experiments.layers.FastBatchNorm;
import io.gradwatch.experiments.layers.FastLeakyReLU;
import io.gradwatch.experiments.layers.FastSigmoid;
import io.gradwatch.experiments.layers.SumLeakyReLU;
import io.gradwatch.experiments.layers.SumSigmoid;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;

/** Activation functions inside of our fast layers, which Deeplearning4j's configuration does not show. */
final class FusedActivations {
    private FusedActivations() {}

    /** The function that a vertex ends with; null for one that does what its configuration says. */
    static @Nullable IActivation of(ComputationGraph network, String vertex) {
        GraphVertex conf = network.getConfiguration().getVertices().get(vertex);
        if (conf instanceof SumLeakyReLU sum) {
            return new FastLeakyReLU(sum.getSlope());
        }
        if (conf instanceof SumSigmoid) {
            return new FastSigmoid();
        }
        if (conf instanceof LayerVertex layer && layer.getLayerConf().getLayer() instanceof FastBatchNorm norm) {
            if (norm.isSigmoid()) {
                return new FastSigmoid();
            }
            return norm.getSlope() < 1 ? new FastLeakyReLU(norm.getSlope()) : null;
        }
        return null;
    }
}
