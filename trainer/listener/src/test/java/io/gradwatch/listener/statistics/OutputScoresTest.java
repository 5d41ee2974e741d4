package io.gradwatch.listener.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class OutputScoresTest {
    @ParameterizedTest
    // the last two are beyond what Java's loop multiplies
    @CsvSource({"1, 1, 2, c", "3, 5, 4, c", "7, 32, 100, f", "50, 800, 120, c", "50, 800, 120, f"})
    void areInputTimesWeightsPlusBias(int batch, int width, int classes, char order) {
        Layer layer = layer(width, classes);
        INDArray weights = layer.getParam("W");
        INDArray bias = layer.getParam("b");
        Random random = new Random(1);
        for (int c = 0; c < classes; c++) {
            bias.putScalar(c, random.nextGaussian());
        }
        INDArray input = Nd4j.create(DataType.FLOAT, new long[] {batch, width}, order);
        for (int row = 0; row < batch; row++) {
            for (int i = 0; i < width; i++) {
                input.putScalar(row, i, random.nextGaussian());
            }
        }
        OutputScores scores = new OutputScores(classes);
        scores.read(layer, input, batch);
        for (int row = 0; row < batch; row += 1 + batch / 4) {
            float[] actual = scores.of(row);
            for (int c = 0; c < classes; c += 1 + classes / 7) {
                double expected = bias.getDouble(c);
                for (int i = 0; i < width; i++) {
                    expected += input.getDouble(row, i) * weights.getDouble(i, c);
                }
                assertThat((double) actual[c]).isCloseTo(expected, within(1e-4));
            }
        }
    }

    @Test
    void takeABatchOfAnotherSizeNext() {
        Layer layer = layer(2, 3);
        layer.getParam("W").assign(1);
        OutputScores scores = new OutputScores(3);
        scores.read(layer, Nd4j.ones(DataType.FLOAT, 4, 2), 4);
        assertThat(scores.of(3)).containsExactly(2, 2, 2);
        scores.read(layer, Nd4j.ones(DataType.FLOAT, 1, 2).muli(5), 1);
        assertThat(scores.of(0)).containsExactly(10, 10, 10);
    }

    private static Layer layer(int width, int classes) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(5)
                .list()
                .layer(new OutputLayer.Builder()
                        .nIn(width)
                        .nOut(classes)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        return network.getLayer(0);
    }
}
