package io.gradwatch.experiments.layers;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.gradientcheck.GradientCheckUtil.GraphConfig;
import org.deeplearning4j.gradientcheck.GradientCheckUtil.PrintMode;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

class HighwayGateTest {
    private static final int SIZE = 40;
    private static final int CHANNELS = 3;
    private static final int BATCH = 9;

    @Test
    void mixesCandidateAndCarriedByTheShare() {
        ComputationGraph graph = graph(DataType.FLOAT, SIZE);
        var activations = graph.feedForward(images(DataType.FLOAT, SIZE), true);
        INDArray candidate = requireNonNull(activations.get("candidate"));
        INDArray share = requireNonNull(activations.get("share"));
        INDArray carried = requireNonNull(activations.get("carried"));

        // longer than a tile, and no multiple of one
        INDArray expected = candidate.mul(share).add(carried.mul(share.rsub(1)));
        assertThat(requireNonNull(activations.get("gate")).distance2(expected))
                .isLessThan(1e-6 * expected.norm2Number().doubleValue());
    }

    @Test
    void gradientInFloatIsThatInDouble() {
        ComputationGraph fast = graph(DataType.FLOAT, SIZE);
        ComputationGraph slow = graph(DataType.DOUBLE, SIZE);
        slow.setParams(fast.params().castTo(DataType.DOUBLE));

        INDArray actual = SmallGraph.gradient(fast, images(DataType.FLOAT, SIZE), labels(DataType.FLOAT));
        INDArray expected = SmallGraph.gradient(slow, images(DataType.DOUBLE, SIZE), labels(DataType.DOUBLE));

        assertThat(actual.castTo(DataType.DOUBLE).distance2(expected))
                .isLessThan(1e-6 * expected.norm2Number().doubleValue());
    }

    @Test
    void gradientIsTheSlopeOfTheLoss() {
        ComputationGraph graph = graph(DataType.DOUBLE, 5);

        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
        try {
            assertThat(GradientCheckUtil.checkGradients(new GraphConfig()
                            .net(graph)
                            .inputs(new INDArray[] {images(DataType.DOUBLE, 5)})
                            .labels(new INDArray[] {labels(DataType.DOUBLE)})
                            .print(PrintMode.FAILURES_ONLY)
                            .epsilon(1e-6)
                            .maxRelError(1e-5)
                            .minAbsoluteError(1e-8)))
                    .isTrue();
        } finally {
            Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
        }
    }

    @Test
    void survivesJsonAndCloning() {
        ComputationGraphConfiguration configuration = graph(DataType.FLOAT, 5).getConfiguration();

        ComputationGraphConfiguration read = ComputationGraphConfiguration.fromJson(configuration.toJson());

        assertThat(read.getVertices().get("gate")).isEqualTo(new HighwayGate());
        assertThat(read.toJson()).isEqualTo(configuration.toJson()).contains("HighwayGate");
        assertThat(configuration.clone()).isEqualTo(configuration);
    }

    @Test
    void refusesInputsOfDifferentShapes() {
        InputType large = InputType.convolutional(8, 8, 3, CNN2DFormat.NHWC);
        InputType small = InputType.convolutional(4, 4, 3, CNN2DFormat.NHWC);
        assertThatThrownBy(() -> new HighwayGate().getOutputType(0, large, large, small))
                .hasMessageContaining("three inputs of the same type");
    }

    private static ComputationGraph graph(DataType type, int size) {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(type)
                .updater(new NoOp())
                .weightInit(WeightInit.XAVIER)
                .convolutionMode(ConvolutionMode.Same)
                .graphBuilder()
                .addInputs("input")
                .setInputTypes(InputType.convolutional(size, size, CHANNELS, CNN2DFormat.NHWC))
                .addLayer("carried", convolution(Activation.TANH), "input")
                .addLayer("candidate", convolution(Activation.TANH), "carried")
                .addLayer("share", convolution(Activation.SIGMOID), "carried")
                .addVertex("gate", new HighwayGate(), "candidate", "share", "carried")
                .addLayer("pool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), "gate")
                .addLayer(
                        "output",
                        new OutputLayer.Builder()
                                .nOut(SmallGraph.CLASSES)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "pool")
                .setOutputs("output")
                .build());
        graph.init();
        return graph;
    }

    private static ConvolutionLayer convolution(Activation activation) {
        return new ConvolutionLayer.Builder(3, 3)
                .nOut(CHANNELS)
                .dataFormat(CNN2DFormat.NHWC)
                .activation(activation)
                .build();
    }

    private static INDArray images(DataType type, int size) {
        double[] pixels = new Random(7)
                .doubles((long) BATCH * size * size * CHANNELS, -1, 2)
                .toArray();
        return Nd4j.createFromArray(pixels)
                .reshape('c', BATCH, size, size, CHANNELS)
                .castTo(type);
    }

    private static INDArray labels(DataType type) {
        return SmallGraph.labels(BATCH, type);
    }
}
