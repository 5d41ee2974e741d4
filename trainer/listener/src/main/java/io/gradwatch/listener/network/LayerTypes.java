package io.gradwatch.listener.network;

import java.util.Locale;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;

/** Names of layer types. */
final class LayerTypes {
    private static final String STOCK = Layer.class.getPackageName();

    private LayerTypes() {}

    /** The layer inside frozen and other wrapping layers. */
    static Layer unwrapped(Layer conf) {
        if (conf instanceof FrozenLayer frozen) {
            return unwrapped(frozen.getLayer());
        }
        if (conf instanceof BaseWrapperLayer wrapper) {
            return unwrapped(wrapper.getUnderlying());
        }
        return conf;
    }

    /**
     * The type in lower case. A layer of someone's own has the name of the stock layer that it extends; an output layer
     * is a dense one with a loss.
     */
    static String name(Layer conf) {
        Class<?> type = unwrapped(conf).getClass();
        while (!type.getPackageName().startsWith(STOCK) && type.getSuperclass() != Object.class) {
            type = type.getSuperclass();
        }
        String name = type.getSimpleName();
        if (name.equals("ConvolutionLayer")) {
            return "conv2d";
        }
        if (name.equals("OutputLayer")) {
            return "dense";
        }
        String stem = name.endsWith("Layer") && name.length() > 5 ? name.substring(0, name.length() - 5) : name;
        return stem.toLowerCase(Locale.ROOT);
    }
}
