package io.gradwatch.experiments.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Finite differences check the layers in double; the layers in double check the fast ones in float. */
class GradientCheckTest {
    private static final int BATCH = 6;
    private static final double STEP = 1e-6;

    @ParameterizedTest
    @CsvSource({"LEAKY, NHWC", "LEAKY, NCHW", "SIGMOID, NHWC", "SIGMOID, NCHW"})
    void gradientInDoubleIsTheSlopeOfTheLoss(SmallGraph.Kind kind, CNN2DFormat format) {
        ComputationGraph graph = SmallGraph.build(kind, DataType.DOUBLE, format, 0);
        INDArray images = SmallGraph.images(BATCH, DataType.DOUBLE, format);
        INDArray labels = SmallGraph.labels(BATCH, DataType.DOUBLE);
        double[] gradient =
                SmallGraph.gradient(graph, images, labels).dup().data().asDouble();

        for (String parameter : new String[] {
            "conv1_W",
            "conv1_b",
            "conv2_W",
            "bn2_gamma",
            "bn2_beta",
            "conv3_W",
            "bn3_gamma",
            "bn3_beta",
            "projection_W",
            "conv4_W",
            "conv4_b",
            "output_W",
            "output_b"
        }) {
            INDArray values = graph.getParam(parameter);
            int offset = (int) (values.offset() - graph.params().offset());
            for (int i = 0; i < values.length(); i += Math.max(1, (int) values.length() / 12)) {
                double slope = slope(graph, graph.params(), offset + i, images, labels);
                assertThat(gradient[offset + i] / BATCH)
                        .as("%s, element %d", parameter, i)
                        .isCloseTo(slope, within(1e-7 + 1e-5 * Math.abs(slope)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SmallGraph.Kind.class)
    void gradientOfFastLayersInFloatIsThatInDouble(SmallGraph.Kind kind) {
        ComputationGraph fast = SmallGraph.build(kind, DataType.FLOAT, CNN2DFormat.NHWC, 0);
        ComputationGraph slow = SmallGraph.build(kind, DataType.DOUBLE, CNN2DFormat.NHWC, 0);
        slow.setParams(fast.params().castTo(DataType.DOUBLE));

        INDArray actual = SmallGraph.gradient(
                fast,
                SmallGraph.images(BATCH, DataType.FLOAT, CNN2DFormat.NHWC),
                SmallGraph.labels(BATCH, DataType.FLOAT));
        INDArray expected = SmallGraph.gradient(
                slow,
                SmallGraph.images(BATCH, DataType.DOUBLE, CNN2DFormat.NHWC),
                SmallGraph.labels(BATCH, DataType.DOUBLE));

        double error = actual.castTo(DataType.DOUBLE).distance2(expected)
                / expected.norm2Number().doubleValue();
        assertThat(error).isLessThan(1e-6);
    }

    private static double slope(ComputationGraph graph, INDArray all, int index, INDArray images, INDArray labels) {
        double value = all.getDouble(index);
        all.putScalar(index, value + STEP);
        double above = loss(graph, images, labels);
        all.putScalar(index, value - STEP);
        double below = loss(graph, images, labels);
        all.putScalar(index, value);
        return (above - below) / (2 * STEP);
    }

    private static double loss(ComputationGraph graph, INDArray images, INDArray labels) {
        SmallGraph.gradient(graph, images, labels);
        return graph.score();
    }
}
