package io.gradwatch.listener.network;

import io.gradwatch.listener.network.TrainedModel.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;

/**
 * Finds the activations of weight layers.
 *
 * <p>From a weight layer it goes downstream, as long as a step's only consumer is a batch normalisation, an activation or
 * a sum, to the first non-linearity; and past that to a normalisation behind it. Without a non-linearity the activation is
 * the output of the layer and its normalisation.
 */
public final class ActivationSites {
    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<String, List<Node>> consumers = new HashMap<>();
    private final Map<String, NonLinearity> nonLinearities = new HashMap<>();

    private ActivationSites(List<Node> all, Function<String, @Nullable IActivation> fused) {
        for (Node node : all) {
            nodes.put(node.name(), node);
            node.inputs()
                    .forEach(input -> consumers
                            .computeIfAbsent(input, name -> new ArrayList<>())
                            .add(node));
            nonLinearities.put(node.name(), nonLinearity(node, fused));
        }
    }

    /**
     * One for each weight layer of the layout, in its order.
     *
     * @param fused by a step's name, the activation function that the step applies although its Deeplearning4j
     *     configuration does not say so; null: none
     */
    public static List<ActivationSite> of(
            TrainedModel model, NetworkLayout layout, Function<String, @Nullable IActivation> fused) {
        ActivationSites sites = new ActivationSites(model.nodes(), fused);
        List<ActivationSite> all = new ArrayList<>();
        for (WeightLayer layer : layout.layers()) {
            Node node = sites.nodes.get(layer.name());
            if (node == null) {
                throw new IllegalStateException("the layout's layer " + layer.name() + " is not in the network");
            }
            all.add(sites.of(node));
        }
        return List.copyOf(all);
    }

    private ActivationSite of(Node layer) {
        int axis = layer.layer() == null
                ? 1
                : channelAxis(LayerTypes.unwrapped(layer.layer().conf().getLayer()));
        boolean output = layer.layer() instanceof IOutputLayer;
        String activation = layer.name(); // the last one that can be nothing but this layer's
        Node at = layer;
        NonLinearity own = at(at);
        while (!own.isOne()) {
            Node next = onlyConsumer(at);
            boolean carriesOn = next != null && (next.sum() || normalises(next) || activates(next) || at(next).isOne());
            if (next == null || !carriesOn || weights(next)) {
                return new ActivationSite(activation, activation, NonLinearity.NONE, axis, output);
            }
            at = next;
            own = at(at);
            if (normalises(at) && at.inputs().equals(List.of(activation))) {
                activation = at.name();
            }
        }
        Node behind = onlyConsumer(at);
        Node end = behind != null && normalises(behind) && !at(behind).isOne() ? behind : at;
        return new ActivationSite(end.name(), at.name(), own, axis, output);
    }

    private NonLinearity at(Node node) {
        return nonLinearities.getOrDefault(node.name(), NonLinearity.NONE);
    }

    /** Null where there are several, or it is the model's output. */
    private @Nullable Node onlyConsumer(Node node) {
        List<Node> all = consumers.getOrDefault(node.name(), List.of());
        return all.size() == 1 && !(all.get(0).layer() instanceof IOutputLayer) ? all.get(0) : null;
    }

    private static boolean normalises(Node node) {
        return conf(node) instanceof BatchNormalization;
    }

    private static boolean activates(Node node) {
        return conf(node) instanceof ActivationLayer;
    }

    private static boolean weights(Node node) {
        return node.parameters() > 0 && !normalises(node);
    }

    private static @Nullable Layer conf(Node node) {
        return node.layer() == null
                ? null
                : LayerTypes.unwrapped(node.layer().conf().getLayer());
    }

    private static NonLinearity nonLinearity(Node node, Function<String, @Nullable IActivation> fused) {
        IActivation given = fused.apply(node.name());
        if (given != null) {
            return NonLinearity.of(given);
        }
        Layer conf = conf(node);
        if (conf instanceof ActivationLayer layer) {
            return NonLinearity.of(layer.getActivationFn());
        }
        // Deeplearning4j's batch normalisation has an activation function, but never applies it
        if (conf instanceof BaseLayer layer && !(conf instanceof BatchNormalization)) {
            return layer.getActivationFn() == null ? NonLinearity.NONE : NonLinearity.of(layer.getActivationFn());
        }
        return NonLinearity.NONE;
    }

    private static int channelAxis(Layer conf) {
        if (conf instanceof Convolution1DLayer layer) {
            return layer.getRnnDataFormat() == RNNFormat.NWC ? 2 : 1;
        }
        if (conf instanceof Convolution3D layer) {
            return layer.getDataFormat() == Convolution3D.DataFormat.NDHWC ? 4 : 1;
        }
        if (conf instanceof ConvolutionLayer layer) {
            return layer.getCnn2dDataFormat() == CNN2DFormat.NHWC ? 3 : 1;
        }
        if (conf instanceof BaseRecurrentLayer layer) {
            return layer.getRnnDataFormat() == RNNFormat.NWC ? 2 : 1;
        }
        return 1;
    }
}
