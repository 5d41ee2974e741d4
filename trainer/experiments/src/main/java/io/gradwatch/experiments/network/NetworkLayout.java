package io.gradwatch.experiments.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a network's layers are called and where they stand: the description that travels with its telemetry.
 *
 * @param weightLayers in forward order, index 0 the entry convolution; a projection comes after the main path of its
 *     block. Deeplearning4j may number layers that stand side by side in another order: go by their names
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
     * @param mainPath whether it lies on the path with the most weight layers: false for a projection on a skip path, for a
     *     gate, and for all parallel paths but the first
     * @param block "entry", "stage 1 block 2", "stage 1 reduction", "head" and the like
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
     * @param weightLayer index of the weight layer whose output it normalises; where it normalises a sum or several maps
     *     side by side, the one that the first of them comes from
     * @param channels length of γ, β and its means and variances
     */
    public record BatchNorm(int index, String vertex, int weightLayer, int channels) {}

    public NetworkLayout {
        weightLayers = List.copyOf(weightLayers);
        batchNorms = List.copyOf(batchNorms);
    }

    /** The layout of a network; the same for either kind of layers. */
    public static NetworkLayout of(NetworkSpec spec) {
        List<Step> steps = NetworkPlan.of(spec);
        List<WeightLayer> weights = new ArrayList<>();
        List<BatchNorm> norms = new ArrayList<>();
        // index of the weight layer that a step's result comes from, by the step's name
        Map<String, Integer> origins = new HashMap<>();
        long parameters = 0;
        for (Step step : steps) {
            int index = weights.size();
            int origin = origins.getOrDefault(step.inputs().get(0), -1);
            if (step instanceof Step.Convolution c) {
                List<Integer> shape = List.of(c.channels(), c.inputChannels(), c.kernel(), c.kernel());
                weights.add(new WeightLayer(index, c.name(), "conv2d", c.mainPath(), c.block(), shape));
                parameters += (long) c.channels() * c.inputChannels() * c.kernel() * c.kernel();
                parameters += c.bias() ? c.channels() : 0;
                if (c.batchNorm()) {
                    norms.add(new BatchNorm(norms.size(), c.batchNormName(), index, c.channels()));
                }
                origin = index;
            } else if (step instanceof Step.BatchNorm n) {
                norms.add(new BatchNorm(norms.size(), n.name(), origin, n.channels()));
            } else if (step instanceof Step.Classifier d) {
                List<Integer> shape = List.of(d.inputChannels(), d.classes());
                weights.add(new WeightLayer(index, d.name(), "dense", true, d.block(), shape));
                parameters += (long) d.inputChannels() * d.classes() + d.classes();
            }
            origins.put(step.name(), origin);
        }
        parameters += norms.stream().mapToLong(norm -> 2L * norm.channels()).sum();
        return new NetworkLayout(weights, norms, parameters);
    }
}
