package io.gradwatch.experiments.network;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * Small networks of every family in double against finite differences of their loss, along a random direction in each
 * array of parameters. Their activation is smooth, so that no kink lies between two points.
 */
class FamilyGradientsTest {
    private static final int BATCH = 2;
    private static final double STEP = 1e-5;

    private final Random random = new Random(17);

    static Stream<NetworkSpec> families() {
        return Stream.of(
                        NetworkSpec.of(new Architecture.Vgg(0, Skip.AVG), 3).withNormalisation(Normalisation.BEFORE),
                        NetworkSpec.of(new Architecture.Vgg(0, Skip.MAX), 3),
                        NetworkSpec.of(new Architecture.Vgg(1, Skip.CONV), 3).withNormalisation(Normalisation.AFTER),
                        NetworkSpec.of(new Architecture.Highway(1, -1), 3),
                        NetworkSpec.of(new Architecture.DenseNet(2, 2), 3).withNormalisation(Normalisation.BEFORE),
                        NetworkSpec.of(new Architecture.WideResNet(1, 2), 3).withNormalisation(Normalisation.BEFORE),
                        NetworkSpec.of(new Architecture.ResNeXt(1, 2), 4).withNormalisation(Normalisation.BEFORE),
                        NetworkSpec.of(new Architecture.ResNeXt(1, 1), 4))
                .map(spec -> spec.withActivation(Activation.TANH).withDataType(DataType.DOUBLE));
    }

    @ParameterizedTest
    @MethodSource("families")
    void gradientIsTheSlopeOfTheLoss(NetworkSpec spec) {
        ComputationGraph network = Networks.build(spec, new NoOp(), 0, 12345);
        SyntheticBatch batch = SyntheticBatch.of(BATCH, 5).as(DataType.DOUBLE);
        Map<String, double[]> gradients = Gradients.of(network, batch).byParameter();
        List<String> trained = gradients.keySet().stream()
                .filter(parameter -> !parameter.endsWith("_mean") && !parameter.endsWith("_var"))
                .toList();

        assertThat(trained).hasSizeGreaterThan(10);
        for (String parameter : trained) {
            double[] gradient = requireNonNull(gradients.get(parameter));
            double[] direction = random.doubles(gradient.length, -1, 1).toArray();
            double expected = 0;
            for (int i = 0; i < gradient.length; i++) {
                expected += gradient[i] * direction[i] / BATCH;
            }
            double slope = slope(network, batch, network.getParam(parameter), direction);
            assertThat(expected).as(parameter).isCloseTo(slope, within(1e-8 + 1e-5 * Math.abs(slope)));
        }
    }

    private static double slope(ComputationGraph network, SyntheticBatch batch, INDArray values, double[] direction) {
        double[] original = values.dup('c').data().asDouble();
        double above = loss(network, batch, values, original, direction, STEP);
        double below = loss(network, batch, values, original, direction, -STEP);
        move(values, original, direction, 0);
        return (above - below) / (2 * STEP);
    }

    private static double loss(
            ComputationGraph network,
            SyntheticBatch batch,
            INDArray values,
            double[] original,
            double[] direction,
            double step) {
        move(values, original, direction, step);
        return network.score(new DataSet(batch.images(), batch.labels()), true);
    }

    private static void move(INDArray values, double[] original, double[] direction, double step) {
        double[] moved = new double[original.length];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = original[i] + step * direction[i];
        }
        values.assign(Nd4j.createFromArray(moved).reshape('c', values.shape()));
    }
}
