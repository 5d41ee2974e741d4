package io.gradwatch.listener.network;

import io.gradwatch.listener.network.TrainedModel.Node;
import io.gradwatch.listener.network.WeightLayer.Slot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where every layer's numbers lie in the flattened arrays.
 *
 * @param layers weight layers in forward order
 * @param batchNorms batch-normalisation layers in forward order
 * @param parameters length of the flattened arrays
 * @param penalised whether any layer has an L1 or L2 penalty or weight decay
 */
public record NetworkLayout(
        List<WeightLayer> layers, List<BatchNormLayer> batchNorms, long parameters, boolean penalised) {
    public NetworkLayout {
        layers = List.copyOf(layers);
        batchNorms = List.copyOf(batchNorms);
    }

    /**
     * Reads the layout of an initialised model.
     *
     * <p>A weight layer is one with parameters that Deeplearning4j calls weights; the slopes of a PReLU are not counted
     * as such, nor are the parameters of a vertex that is no layer. A frozen batch-normalisation layer has no statistics
     * and is left out.
     *
     * @throws IllegalArgumentException when the layers do not add up to the flattened parameters, or there are no weights
     */
    public static NetworkLayout of(TrainedModel model) {
        List<Node> nodes = model.nodes();
        Map<String, Integer> weightLayers = new HashMap<>();
        for (Node node : nodes) {
            if (!weightKeys(node.layer()).isEmpty()) {
                weightLayers.put(node.name(), weightLayers.size());
            }
        }
        Paths paths = new Paths(nodes, weightLayers.keySet());
        Set<String> longest = paths.longest();

        List<WeightLayer> layers = new ArrayList<>();
        List<BatchNormLayer> batchNorms = new ArrayList<>();
        boolean penalised = false;
        long offset = 0;
        for (Node node : nodes) {
            Layer layer = node.layer();
            if (layer != null) {
                Map<String, Slot> slots = slots(layer, offset);
                List<String> weights = weightKeys(layer);
                if (!weights.isEmpty()) {
                    layers.add(weightLayer(node, layer, slots, weights, longest.contains(node.name())));
                }
                if (layer.conf().getLayer() instanceof BatchNormalization conf) {
                    String before = paths.weightLayerBefore(node);
                    batchNorms.add(
                            batchNorm(node, conf, slots, before == null ? -1 : weightLayers.getOrDefault(before, -1)));
                }
                penalised |= penalised(layer);
            }
            offset += node.parameters();
        }
        long parameters = model.parameters().length();
        if (offset != parameters) {
            throw new IllegalArgumentException("the layers have " + offset + " parameters together, the model "
                    + parameters + ": this network's layout is not supported");
        }
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("the network has no layer with weights: there is nothing to watch");
        }
        return new NetworkLayout(layers, batchNorms, parameters, penalised);
    }

    /**
     * The ranges of the flattened arrays that the loss has a gradient for: all but the running means and variances of
     * batch normalisation.
     */
    public List<Slot> trained() {
        List<Slot> running = new ArrayList<>();
        for (BatchNormLayer layer : batchNorms) {
            running.add(new Slot(layer.mean(), layer.channels()));
            running.add(new Slot(layer.deviation(), layer.channels()));
        }
        running.sort(Comparator.comparingLong(Slot::offset));
        List<Slot> trained = new ArrayList<>();
        long at = 0;
        for (Slot slot : running) {
            if (slot.offset() > at) {
                trained.add(new Slot(at, slot.offset() - at));
            }
            at = slot.offset() + slot.length();
        }
        if (at < parameters) {
            trained.add(new Slot(at, parameters - at));
        }
        return List.copyOf(trained);
    }

    /** In the order of the flattened arrays, which is the table's. */
    private static Map<String, Slot> slots(Layer layer, long offset) {
        Map<String, Slot> slots = new TreeMap<>();
        long at = offset;
        for (Map.Entry<String, INDArray> parameter : layer.paramTable(false).entrySet()) {
            long length = parameter.getValue().length();
            slots.put(parameter.getKey(), new Slot(at, length));
            at += length;
        }
        return slots;
    }

    private static List<String> weightKeys(@Nullable Layer layer) {
        if (layer == null || layer.numParams() == 0) {
            return List.of();
        }
        var conf = layer.conf().getLayer();
        if (conf instanceof PReLULayer || LayerTypes.unwrapped(conf) instanceof BatchNormalization) {
            return List.of();
        }
        List<String> keys = new ArrayList<>();
        for (String key : layer.paramTable(false).keySet()) {
            if (conf.initializer().isWeightParam(conf, key)) {
                keys.add(key);
            }
        }
        return keys;
    }

    private static WeightLayer weightLayer(
            Node node, Layer layer, Map<String, Slot> slots, List<String> weights, boolean longest) {
        List<Slot> where = new ArrayList<>();
        for (String key : weights) {
            Slot slot = slots.get(key);
            if (slot != null) {
                where.add(slot);
            }
        }
        List<Integer> shape = new ArrayList<>();
        if (weights.size() == 1) {
            for (long size : layer.getParam(weights.get(0)).shape()) {
                shape.add(Math.toIntExact(size));
            }
        } else {
            shape.add(Math.toIntExact(where.stream().mapToLong(Slot::length).sum()));
        }
        return new WeightLayer(
                node.name(),
                LayerTypes.name(layer.conf().getLayer()),
                longest,
                layer instanceof FrozenLayer || layer instanceof FrozenLayerWithBackprop,
                List.copyOf(where),
                List.copyOf(shape));
    }

    private static BatchNormLayer batchNorm(Node node, BatchNormalization conf, Map<String, Slot> slots, int follows) {
        Slot none = new Slot(-1, 0);
        Slot mean = slots.getOrDefault(BatchNormalizationParamInitializer.GLOBAL_MEAN, none);
        Slot variance = slots.getOrDefault(BatchNormalizationParamInitializer.GLOBAL_VAR, none);
        Slot logarithm = slots.getOrDefault(BatchNormalizationParamInitializer.GLOBAL_LOG_STD, none);
        boolean logarithmic = variance.offset() < 0;
        return new BatchNormLayer(
                node.name(),
                follows,
                Math.toIntExact(mean.length()),
                slots.getOrDefault(BatchNormalizationParamInitializer.GAMMA, none)
                        .offset(),
                slots.getOrDefault(BatchNormalizationParamInitializer.BETA, none)
                        .offset(),
                conf.getGamma(),
                conf.getBeta(),
                mean.offset(),
                logarithmic ? logarithm.offset() : variance.offset(),
                logarithmic,
                conf.getDecay(),
                conf.getEps());
    }

    private static boolean penalised(Layer layer) {
        var conf = layer.conf().getLayer();
        for (String key : layer.paramTable(false).keySet()) {
            var penalties = conf.getRegularizationByParam(key);
            if (penalties != null && !penalties.isEmpty()) {
                return true;
            }
        }
        return false;
    }
}
