package io.gradwatch.experiments.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Against Deeplearning4j's own layer with {@code useLogStd(false)}. */
class FastBatchNormTest {
    private static final int CHANNELS = 3;

    private static ComputationGraph graph(Layer normalisation) {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.FLOAT)
                .updater(new Sgd(0.1))
                .graphBuilder()
                .addInputs("input")
                .setInputTypes(InputType.convolutional(40, 40, CHANNELS, CNN2DFormat.NHWC))
                .addLayer("bn", normalisation, "input")
                .addLayer("pool", new GlobalPoolingLayer.Builder(PoolingType.MAX).build(), "bn")
                .addLayer("output", new OutputLayer.Builder().nOut(2).build(), "pool")
                .setOutputs("output")
                .build());
        graph.init();
        return graph;
    }

    private static ComputationGraph stock() {
        return graph(new BatchNormalization.Builder()
                .eps(1e-5)
                .decay(0.9)
                .useLogStd(false)
                .dataFormat(CNN2DFormat.NHWC)
                .build());
    }

    private static final INDArray LABELS = Nd4j.createFromArray(new float[][] {{1, 0}, {0, 1}, {1, 0}});

    /** Far from zero and of different spread by channel; longer than a tile, no multiple of one. */
    private static INDArray images(long seed) {
        INDArray images = Nd4j.randn(
                DataType.FLOAT,
                new long[] {3, 40, 40, CHANNELS},
                Nd4j.getRandomFactory().getNewRandomInstance(seed));
        return images.mul(Nd4j.createFromArray(1f, 0.1f, 20f)).add(Nd4j.createFromArray(5f, -30f, 0f));
    }

    @Test
    void runningValuesAndTheirPseudoGradientsAreThoseOfTheStockLayer() {
        ComputationGraph fast = graph(FastBatchNorm.of(1e-5, 0.9, 1));
        ComputationGraph stock = stock();
        stock.setParams(fast.params());

        for (int step = 0; step < 3; step++) {
            for (ComputationGraph graph : new ComputationGraph[] {fast, stock}) {
                graph.setInput(0, images(step));
                graph.setLabel(0, LABELS);
                graph.computeGradientAndScore();
            }
            for (String parameter : new String[] {"bn_mean", "bn_var", "bn_gamma", "bn_beta"}) {
                assertClose(
                        fast.gradient().getGradientFor(parameter),
                        stock.gradient().getGradientFor(parameter));
            }
            for (ComputationGraph graph : new ComputationGraph[] {fast, stock}) {
                graph.fit(new INDArray[] {images(step)}, new INDArray[] {LABELS});
            }
            assertClose(fast.getParam("bn_mean"), stock.getParam("bn_mean"));
            assertClose(fast.getParam("bn_var"), stock.getParam("bn_var"));
        }
    }

    @Test
    void inferenceUsesRunningValuesAsTheStockLayerDoes() {
        ComputationGraph fast = graph(FastBatchNorm.of(1e-5, 0.9, 1));
        ComputationGraph stock = stock();
        fast.fit(new INDArray[] {images(1)}, new INDArray[] {LABELS});
        stock.setParams(fast.params());

        assertClose(
                fast.feedForward(images(2), false).get("bn"),
                stock.feedForward(images(2), false).get("bn"));
    }

    @Test
    void trainingOutputHasMeanZeroAndVarianceOne() {
        INDArray output = graph(FastBatchNorm.of(1e-5, 0.9, 1))
                .feedForward(images(1), true)
                .get("bn");

        assertThat(output.mean(0, 1, 2).amaxNumber().doubleValue()).isLessThan(1e-4);
        assertThat(output.var(false, 0, 1, 2).sub(1).amaxNumber().doubleValue()).isLessThan(2e-3);
    }

    @Test
    void resultDoesNotDependOnTheNumberOfThreads() {
        INDArray images = images(1);
        TileWorkers.shareAmong(1);
        INDArray alone = graph(FastBatchNorm.of(1e-5, 0.9, 0.01))
                .feedForward(images, true)
                .get("bn")
                .dup();
        TileWorkers.shareAmong(4);
        INDArray shared = graph(FastBatchNorm.of(1e-5, 0.9, 0.01))
                .feedForward(images, true)
                .get("bn")
                .dup();
        TileWorkers.shareAmong(2);

        assertThat(shared.data().asFloat()).isEqualTo(alone.data().asFloat());
    }

    @Test
    void trainsLockedGammaAndBetaAsTheStockLayerDoes() {
        FastBatchNorm locked = FastBatchNorm.of(1e-5, 0.9, 1);
        locked.setLockGammaBeta(true);
        BatchNormalization reference = new BatchNormalization.Builder()
                .useLogStd(false)
                .lockGammaBeta(true)
                .dataFormat(CNN2DFormat.NHWC)
                .build();

        assertClose(
                graph(locked).feedForward(images(2), true).get("bn"),
                graph(reference).feedForward(images(2), true).get("bn"));
    }

    @ParameterizedTest
    @CsvSource({"0", "-0.1", "1.5", "NaN"})
    void refusesASlopeThatWouldLoseTheSign(double slope) {
        assertThatThrownBy(() -> FastBatchNorm.of(1e-5, 0.9, slope))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("slope " + slope + ": accepted are values above 0, up to 1");
    }

    private static void assertClose(INDArray actual, INDArray expected) {
        double error =
                actual.distance2(expected) / (1e-6 + expected.norm2Number().doubleValue());
        assertThat(error).isLessThan(2e-5);
    }
}
