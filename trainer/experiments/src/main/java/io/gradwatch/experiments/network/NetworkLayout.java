package io.gradwatch.experiments.network;

import java.util.ArrayList;
import java.util.List;

/**
 * What a network's layers are called and where they stand: the description that travels with its telemetry.
 *
 * @param weightLayers in forward order, index 0 the entry convolution; a projection comes after the main path of its
 *     block
 * @param batchNorms in forward order
 * @param trainableParameters weights, biases, γ and β; Deeplearning4j's {@code numParams()} also counts the running
 *     mean and variance of batch normalisation
 */
public record NetworkLayout(List<WeightLayer> weightLayers, List<BatchNorm> batchNorms, long trainableParameters) {

    /**
     * A convolution or the dense layer.
     *
     * @param index position in {@link NetworkLayout#weightLayers}
     * @param vertex its vertex in the graph, "stage1.block2.conv1"
     * @param type "conv2d" or "dense"
     * @param mainPath false for a projection on a skip path
     * @param block "entry", "stage 1 block 2", "stage 1 reduction" or "head"
     * @param shape of its weights: outputs, inputs, height, width of a convolution; inputs, outputs of the dense layer
     */
    public record WeightLayer(
            int index, String vertex, String type, boolean mainPath, String block, List<Integer> shape) {
        public WeightLayer {
            shape = List.copyOf(shape);
        }
    }

    /**
     * A batch-normalisation layer.
     *
     * @param index position in {@link NetworkLayout#batchNorms}
     * @param vertex its vertex in the graph, "stage1.block2.bn1"
     * @param weightLayer index of the weight layer whose output it normalises
     * @param channels length of γ, β and its means and variances
     */
    public record BatchNorm(int index, String vertex, int weightLayer, int channels) {}

    public NetworkLayout {
        weightLayers = List.copyOf(weightLayers);
        batchNorms = List.copyOf(batchNorms);
    }

    /** The layout of a network; the same for either kind of layers. */
    public static NetworkLayout of(NetworkSpec spec) {
        List<WeightLayer> weights = new ArrayList<>();
        List<BatchNorm> norms = new ArrayList<>();
        long parameters = 0;
        for (Step step : NetworkPlan.of(spec)) {
            int index = weights.size();
            if (step instanceof Step.Convolution c) {
                List<Integer> shape = List.of(c.channels(), c.inputChannels(), c.kernel(), c.kernel());
                weights.add(new WeightLayer(index, c.name(), "conv2d", c.mainPath(), c.block(), shape));
                parameters += (long) c.channels() * c.inputChannels() * c.kernel() * c.kernel();
                parameters += c.bias() ? c.channels() : 0;
                if (c.batchNorm()) {
                    norms.add(new BatchNorm(norms.size(), c.batchNormName(), index, c.channels()));
                    parameters += 2L * c.channels();
                }
            } else if (step instanceof Step.Classifier d) {
                weights.add(
                        new WeightLayer(index, d.name(), "dense", true, d.block(), List.of(d.inputs(), d.classes())));
                parameters += (long) d.inputs() * d.classes() + d.classes();
            }
        }
        return new NetworkLayout(weights, norms, parameters);
    }
}
