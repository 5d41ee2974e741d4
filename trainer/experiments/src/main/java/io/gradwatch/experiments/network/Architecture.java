package io.gradwatch.experiments.network;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A family of networks with the hyper-parameters that it alone has. All have an entry convolution, three stages of
 * {@link #depthBlocks} blocks, each stage with half the height and width of the one before, average pooling over what is
 * left, and a dense softmax layer.
 */
public sealed interface Architecture {
    /** What people call it. */
    String family();

    /** Blocks of each stage: what decides the depth. */
    int depthBlocks();

    /** The same with another depth. */
    Architecture withDepthBlocks(int value);

    /** Hyper-parameters besides the depth by their names on the command line, as text. */
    Map<String, String> ownOptions();

    /**
     * The paper's: processing blocks of two 3×3 convolutions, and a reduction block at the end of each stage.
     *
     * @param depthBlocks processing blocks of a stage, 0 to 64: 0 gives 7 convolutions (VGG08), 5 gives 37 (VGG38)
     * @param skip what leads around each block
     */
    record Vgg(int depthBlocks, Skip skip) implements Architecture {
        public Vgg {
            requireRange("depth blocks", depthBlocks, 0, 64);
            requireNonNull(skip, "skip");
        }

        @Override
        public String family() {
            return "VGG";
        }

        @Override
        public Vgg withDepthBlocks(int value) {
            return new Vgg(value, skip);
        }

        @Override
        public Map<String, String> ownOptions() {
            return Map.of("skip", NetworkSpec.optionOf(skip));
        }
    }

    /**
     * Srivastava et al. 2015: the VGG network in whose processing blocks every convolution has a gate beside it, y =
     * T(x)·H(x) + (1 − T(x))·x.
     *
     * @param depthBlocks processing blocks of a stage, two gated layers each, 0 to 64
     * @param gateBias initial bias of the gates, −20 to 20; below zero a gate begins by carrying its input on
     */
    record Highway(int depthBlocks, double gateBias) implements Architecture {
        public Highway {
            requireRange("depth blocks", depthBlocks, 0, 64);
            if (!(Math.abs(gateBias) <= 20)) {
                throw new IllegalArgumentException("gate bias " + gateBias + ": accepted are -20 to 20");
            }
        }

        @Override
        public String family() {
            return "Highway";
        }

        @Override
        public Highway withDepthBlocks(int value) {
            return new Highway(value, gateBias);
        }

        @Override
        public Map<String, String> ownOptions() {
            return Map.of("gate-bias", Double.toString(gateBias));
        }
    }

    /**
     * Huang et al. 2017, DenseNet-BC: each layer reads all earlier maps of its stage and adds {@code growth} new ones.
     *
     * @param depthBlocks layers of a stage, of a 1×1 and a 3×3 convolution each, 1 to 64
     * @param growth channels that a layer adds, 1 to 256
     */
    record DenseNet(int depthBlocks, int growth) implements Architecture {
        public DenseNet {
            requireRange("depth blocks", depthBlocks, 1, 64);
            requireRange("growth", growth, 1, 256);
        }

        @Override
        public String family() {
            return "DenseNet";
        }

        @Override
        public DenseNet withDepthBlocks(int value) {
            return new DenseNet(value, growth);
        }

        @Override
        public Map<String, String> ownOptions() {
            return Map.of("growth", Integer.toString(growth));
        }
    }

    /**
     * Zagoruyko and Komodakis 2016: residual blocks of two 3×3 convolutions, normalised and activated before each, with
     * {@code widen} times the usual channels.
     *
     * @param depthBlocks residual blocks of a stage, 1 to 64: N gives WRN-(6N + 4)
     * @param widen factor of every width but the entry's, 1 to 32
     */
    record WideResNet(int depthBlocks, int widen) implements Architecture {
        public WideResNet {
            requireRange("depth blocks", depthBlocks, 1, 64);
            requireRange("widen", widen, 1, 32);
        }

        @Override
        public String family() {
            return "Wide ResNet";
        }

        @Override
        public WideResNet withDepthBlocks(int value) {
            return new WideResNet(value, widen);
        }

        @Override
        public Map<String, String> ownOptions() {
            return Map.of("widen", Integer.toString(widen));
        }
    }

    /**
     * Xie et al. 2017: residual blocks that add the results of several narrow parallel paths.
     *
     * @param depthBlocks residual blocks of a stage, 1 to 64
     * @param cardinality parallel paths of a block, 1 to 64; the filters must be a multiple of it
     */
    record ResNeXt(int depthBlocks, int cardinality) implements Architecture {
        public ResNeXt {
            requireRange("depth blocks", depthBlocks, 1, 64);
            requireRange("cardinality", cardinality, 1, 64);
        }

        @Override
        public String family() {
            return "ResNeXt";
        }

        @Override
        public ResNeXt withDepthBlocks(int value) {
            return new ResNeXt(value, cardinality);
        }

        @Override
        public Map<String, String> ownOptions() {
            return Map.of("cardinality", Integer.toString(cardinality));
        }
    }

    private static void requireRange(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " " + value + ": accepted are " + least + " to " + most);
        }
    }

    /** All hyper-parameters by their names on the command line, as text. */
    default Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("depth-blocks", Integer.toString(depthBlocks()));
        options.putAll(ownOptions());
        return options;
    }
}
