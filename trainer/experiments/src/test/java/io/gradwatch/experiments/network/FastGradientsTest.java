package io.gradwatch.experiments.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;

/** Gradients of fast layers in float against those of Deeplearning4j's own in double: same weights, same batch. */
class FastGradientsTest {
    private static final int BATCH = 4;
    private static final double TOLERANCE = 1e-5;

    /** Networks in which rounding alone, magnified on the way, moves the gradient by more than the tolerance. */
    private static final Set<String> ILL_CONDITIONED =
            Set.of("vgg38-bn", "vgg38-bn-resnet", "vgg38-bn-after", "resnext");

    private final SyntheticBatch batch = SyntheticBatch.of(BATCH, 5);

    /** One preset of each network: Table 1 has some with several hyper-parameters. */
    static Stream<String> networks() {
        Set<NetworkSpec> seen = new HashSet<>();
        return Preset.all().stream().filter(preset -> seen.add(preset.spec())).map(Preset::name);
    }

    static Stream<String> wellConditioned() {
        return networks().filter(name -> !ILL_CONDITIONED.contains(name));
    }

    static Stream<String> withLeakyRelu() {
        return networks().filter(name -> Preset.named(name).spec().activation() == Activation.LEAKY_RELU);
    }

    @ParameterizedTest
    @MethodSource("wellConditioned")
    void equalThoseOfStockLayersInDouble(String name) {
        NetworkSpec spec = Preset.named(name).spec();
        ComputationGraph fast = Networks.build(spec, new Adam(0.001), 0, 1);
        ComputationGraph stock = stockInDouble(spec, fast);

        Errors errors = Errors.between(spec, Gradients.of(fast, batch), Gradients.of(stock, batch.as(DataType.DOUBLE)));
        assertThat(errors.all()).as("%s", errors).isLessThan(TOLERANCE);
    }

    @ParameterizedTest
    @MethodSource("withLeakyRelu")
    void equalThoseOfStockLayersInDoubleAtTheSameActivations(String name) {
        NetworkSpec spec = Preset.named(name).spec();
        ComputationGraph fast = Networks.build(spec, new Adam(0.001), 0, 1);
        ComputationGraph stock = stockInDouble(spec, fast);
        Gradients actual = Gradients.of(fast, batch);
        List<AnchoredLeakyRelu> anchors = anchor(spec, stock, fast.feedForward(new INDArray[] {batch.images()}, true));

        Errors errors = Errors.between(spec, actual, Gradients.of(stock, batch.as(DataType.DOUBLE)));
        assertThat(errors.all()).as("%s", errors).isLessThan(TOLERANCE);
        assertThat(errors.worst()).as("%s", errors).isLessThan(10 * TOLERANCE);
        assertThat(anchors)
                .hasSizeGreaterThan(6)
                .allSatisfy(anchor -> assertThat(anchor.relativeError()).isLessThan(TOLERANCE));
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void equalThoseOfStockLayersInDoubleForEachActivation(Activation activation) {
        NetworkSpec spec = Preset.named("vgg08-bn-resnet").spec().withActivation(activation);
        ComputationGraph fast = Networks.build(spec, new Adam(0.001), 0, 1);
        ComputationGraph stock = stockInDouble(spec, fast);

        Errors errors = Errors.between(spec, Gradients.of(fast, batch), Gradients.of(stock, batch.as(DataType.DOUBLE)));
        assertThat(errors.all()).as("%s", errors).isLessThan(TOLERANCE);
    }

    private static ComputationGraph stockInDouble(NetworkSpec spec, ComputationGraph weights) {
        ComputationGraph stock =
                Networks.build(spec.withLayers(LayerKind.STOCK).withDataType(DataType.DOUBLE), new Adam(0.001), 0, 2);
        Gradients.copyParameters(weights, stock);
        return stock;
    }

    private static List<AnchoredLeakyRelu> anchor(
            NetworkSpec spec, ComputationGraph stock, Map<String, INDArray> activations) {
        List<String> activated =
                spec.normalisation() == Normalisation.AFTER ? List.of("join", "conv") : List.of("join", "bn", "conv");
        return Stream.of(stock.getLayers())
                .map(layer -> layer.conf().getLayer())
                .filter(layer -> layer.getLayerName().contains("activation"))
                .map(layer -> {
                    INDArray anchor = activated.stream()
                            .map(kind -> activations.get(layer.getLayerName().replace("activation", kind)))
                            .filter(found -> found != null)
                            .findFirst()
                            .orElseThrow();
                    AnchoredLeakyRelu anchored = new AnchoredLeakyRelu(anchor);
                    ((ActivationLayer) layer).setActivationFn(anchored);
                    return anchored;
                })
                .toList();
    }

    /** Relative errors of the gradients of all parameters together, and of the one that is worst. */
    private record Errors(double all, String worstParameter, double worst) {

        /** Leaves out biases before batch normalisation, whose gradient is zero, in truth. */
        static Errors between(NetworkSpec spec, Gradients actual, Gradients expected) {
            assertThat(actual.parameters()).isEqualTo(expected.parameters());
            NetworkLayout layout = NetworkLayout.of(spec);
            Set<String> withoutEffect = layout.batchNorms().stream()
                    .map(norm -> layout.weightLayers().get(norm.weightLayer()).vertex() + "_b")
                    .collect(Collectors.toSet());
            double squaredError = 0;
            double squaredNorm = 0;
            double worst = 0;
            String worstParameter = "";
            for (String parameter : expected.parameters()) {
                if (!withoutEffect.contains(parameter)) {
                    double error = Gradients.distance(actual.get(parameter), expected.get(parameter));
                    double norm = Gradients.norm(expected.get(parameter));
                    squaredError += error * error;
                    squaredNorm += norm * norm;
                    if (error / norm >= worst) {
                        worst = error / norm;
                        worstParameter = parameter;
                    }
                }
            }
            return new Errors(Math.sqrt(squaredError / squaredNorm), worstParameter, worst);
        }
    }
}
