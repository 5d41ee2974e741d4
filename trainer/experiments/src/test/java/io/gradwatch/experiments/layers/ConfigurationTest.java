package io.gradwatch.experiments.layers;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ConfigurationTest {
    private static final double DECAY = 0.5;

    private final INDArray images = SmallGraph.images(4, DataType.FLOAT, CNN2DFormat.NHWC);
    private final INDArray labels = SmallGraph.labels(4, DataType.FLOAT);

    @Test
    void survivesJson() {
        ComputationGraphConfiguration configuration =
                SmallGraph.configuration(SmallGraph.Kind.LEAKY, DataType.FLOAT, CNN2DFormat.NHWC, 0);

        ComputationGraphConfiguration read = ComputationGraphConfiguration.fromJson(configuration.toJson());

        assertThat(layer(read, "bn2")).isEqualTo(layer(configuration, "bn2")).isNotEqualTo(layer(read, "bn3"));
        assertThat(layer(read, "conv1")).isInstanceOf(FastConvolution.class);
        assertThat(read.getVertices().get("sum1")).isEqualTo(new SumLeakyReLU(0.1));
        assertThat(read.toJson()).isEqualTo(configuration.toJson()).contains("FastBatchNorm", "SumLeakyReLU");
    }

    @Test
    void sigmoidsSurviveJson() {
        ComputationGraphConfiguration configuration =
                SmallGraph.configuration(SmallGraph.Kind.SIGMOID, DataType.FLOAT, CNN2DFormat.NHWC, 0);

        ComputationGraphConfiguration read = ComputationGraphConfiguration.fromJson(configuration.toJson());

        assertThat(layer(read, "bn2")).isEqualTo(layer(configuration, "bn2")).isNotEqualTo(layer(read, "bn3"));
        assertThat(((FastConvolution) layer(read, "conv1")).getActivationFn()).isEqualTo(new FastSigmoid());
        assertThat(read.getVertices().get("sum1")).isEqualTo(new SumSigmoid());
        assertThat(read.toJson()).isEqualTo(configuration.toJson());
    }

    private static Object layer(ComputationGraphConfiguration configuration, String name) {
        LayerVertex vertex =
                (LayerVertex) requireNonNull(configuration.getVertices().get(name));
        return vertex.getLayerConf().getLayer();
    }

    @Test
    void aCloneTrainsLikeTheOriginal() {
        ComputationGraph original = SmallGraph.build(SmallGraph.Kind.SIGMOID, DataType.FLOAT, CNN2DFormat.NHWC, 0);
        ComputationGraph clone = original.clone();
        assertThat(clone.getConfiguration()).isEqualTo(original.getConfiguration());

        for (ComputationGraph graph : new ComputationGraph[] {original, clone}) {
            graph.fit(new INDArray[] {images}, new INDArray[] {labels});
        }

        assertThat(clone.params().data().asFloat())
                .isEqualTo(original.params().data().asFloat());
    }

    @Test
    void weightDecayHoldsForWeightsBiasesGammaAndBeta() {
        ComputationGraph graph = SmallGraph.build(DataType.FLOAT, CNN2DFormat.NHWC, DECAY);
        for (String parameter : new String[] {"conv1_W", "conv4_b", "bn2_gamma", "bn2_beta", "output_W"}) {
            String layer = parameter.substring(0, parameter.indexOf('_'));
            String name = parameter.substring(parameter.indexOf('_') + 1);
            assertThat(graph.getLayer(layer).conf().getLayer().getRegularizationByParam(name))
                    .as(parameter)
                    .singleElement()
                    .satisfies(regularisation -> {
                        INDArray gradient = Nd4j.zeros(DataType.FLOAT, 1);
                        regularisation.apply(Nd4j.createFromArray(3f), gradient, 0.1, 0, 0);
                        assertThat(gradient.getFloat(0)).isEqualTo((float) (DECAY * 3));
                    });
        }
        assertThat(graph.getLayer("bn2").conf().getLayer().getRegularizationByParam("mean"))
                .isNull();
    }

    @ParameterizedTest
    @EnumSource(SmallGraph.Kind.class)
    void inferenceGivesTheSameInFloatAndDoubleAndInBothLayouts(SmallGraph.Kind kind) {
        ComputationGraph fast = SmallGraph.build(kind, DataType.FLOAT, CNN2DFormat.NHWC, 0);
        fast.fit(new INDArray[] {images}, new INDArray[] {labels});
        INDArray expected = fast.outputSingle(images);

        for (CNN2DFormat format : CNN2DFormat.values()) {
            ComputationGraph other = SmallGraph.build(kind, DataType.DOUBLE, format, 0);
            other.setParams(fast.params().castTo(DataType.DOUBLE));
            INDArray output = other.outputSingle(SmallGraph.images(4, DataType.DOUBLE, format));
            assertThat(output.castTo(DataType.FLOAT).distance2(expected)).isLessThan(1e-5);
        }
    }

    @Test
    void aSumRefusesInputsOfDifferentShapes() {
        assertThatThrownBy(() -> new SumLeakyReLU(0.01)
                        .getOutputType(
                                0,
                                InputType.convolutional(8, 8, 3, CNN2DFormat.NHWC),
                                InputType.convolutional(4, 4, 3, CNN2DFormat.NHWC)))
                .hasMessageContaining("two inputs of the same type");
    }
}
