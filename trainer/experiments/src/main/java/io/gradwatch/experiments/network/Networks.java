package io.gradwatch.experiments.network;

import io.gradwatch.experiments.layers.NativeBackend;
import java.util.Map;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;

/** Builds the networks as Deeplearning4j graphs. */
public final class Networks {
    /** The native generator takes a seed of 0 for "none" and uses the time. */
    private static final long INSTEAD_OF_ZERO = 0x67726164776174L;

    private Networks() {}

    /**
     * A network ready to train. Its input is one array of images, [batch, 32, 32, 3] (height, width, channels), its
     * labels [batch, classes], one-hot, both of the specification's data type; its output is the softmax.
     *
     * <p>Weight decay adds {@code weightDecay · parameter} to the mean gradient before the updater, as PyTorch's Adam
     * does, for weights, biases, γ and β; with {@link LayerKind#STOCK} not for γ and β, which Deeplearning4j's layer
     * exempts. With the CUDA backend the layers are always {@link LayerKind#STOCK}. {@code score()} then includes {@code weightDecay/2 · Σ parameter²}.
     *
     * @param updater for all parameters
     * @param weightDecay 0 or more; 0 for none
     * @param seed of the initial weights and biases: same seed and specification, same network, bit by bit
     * @throws IllegalArgumentException if the weight decay is negative or not finite
     */
    public static ComputationGraph build(NetworkSpec spec, IUpdater updater, double weightDecay, long seed) {
        ComputationGraph network = new ComputationGraph(configure(spec, updater, weightDecay, seed));
        network.init();
        if (spec.initialisation() == Initialisation.UNIFORM) {
            drawBiases(network, spec, seed);
        }
        setGateBiases(network, spec);
        return network;
    }

    /** The configuration alone, without arrays; arguments as of {@link #build}. Biases are zero in it. */
    static ComputationGraphConfiguration configure(NetworkSpec spec, IUpdater updater, double weightDecay, long seed) {
        if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
            throw new IllegalArgumentException("weight decay " + weightDecay + ": accepted are 0 and more");
        }
        NeuralNetConfiguration.Builder defaults = new NeuralNetConfiguration.Builder()
                .seed(seed == 0 ? INSTEAD_OF_ZERO : seed)
                .dataType(spec.dataType())
                .updater(updater)
                .weightInit(weightInit(spec.initialisation()))
                .convolutionMode(ConvolutionMode.Same)
                .trainingWorkspaceMode(WorkspaceMode.ENABLED)
                .inferenceWorkspaceMode(WorkspaceMode.ENABLED)
                .cacheMode(CacheMode.NONE);
        if (weightDecay > 0) {
            defaults.l2(weightDecay).l2Bias(weightDecay);
        }
        GraphAssembler assembler = spec.layers().where(NativeBackend.onGpu()) == LayerKind.FAST
                ? new FastAssembler(spec, defaults.graphBuilder())
                : new StockAssembler(spec, defaults.graphBuilder());
        return assembler.assemble();
    }

    private static WeightInit weightInit(Initialisation initialisation) {
        return switch (initialisation) {
            case UNIFORM -> WeightInit.UNIFORM;
            case XAVIER -> WeightInit.XAVIER;
            case HE -> WeightInit.RELU;
        };
    }

    /** Deeplearning4j draws weights but sets biases to a constant: draws them too, uniform in ±1/√fanIn. */
    private static void drawBiases(ComputationGraph network, NetworkSpec spec, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (NetworkLayout.WeightLayer layer : NetworkLayout.of(spec).weightLayers()) {
            Map<String, INDArray> parameters = network.getLayer(layer.vertex()).paramTable(false);
            INDArray weights = parameters.get("W");
            INDArray biases = parameters.get("b");
            if (weights == null || biases == null) {
                continue;
            }
            double bound = 1 / Math.sqrt((double) weights.length() / biases.length());
            for (long i = 0; i < biases.length(); i++) {
                biases.putScalar(i, (2 * random.nextDouble() - 1) * bound);
            }
        }
    }

    private static void setGateBiases(ComputationGraph network, NetworkSpec spec) {
        for (Step step : NetworkPlan.of(spec)) {
            if (step instanceof Step.Gate gate) {
                network.getLayer(gate.transform()).getParam("b").assign(gate.initialBias());
            }
        }
    }
}
