package io.gradwatch.experiments.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FastSigmoidTest {
    private final IActivation fast = new FastSigmoid();
    private final IActivation stock = new ActivationSigmoid();
    private final INDArray values = Nd4j.randn(DataType.FLOAT, 3, 70_001).muli(10);
    private final INDArray gradients = Nd4j.randn(DataType.FLOAT, 3, 70_001);

    @Test
    void isWithinTwoRoundingsOfTheTrueValueFromMinus44Up() {
        int count = 2_000_000;
        float[] arguments = new float[count];
        for (int i = 0; i < count; i++) {
            arguments[i] = (float) (-44 + 88.0 * i / count);
        }
        float[] results = arguments.clone();
        LogisticSigmoid.activate(results, count);

        double worst = 0;
        for (int i = 0; i < count; i++) {
            double truth = 1 / (1 + Math.exp(-(double) arguments[i]));
            worst = Math.max(worst, Math.abs(results[i] - truth) / truth);
        }
        assertThat(worst).isLessThan(2e-7);
    }

    @Test
    void staysAtItsEndsBeyondThem() {
        float[] x = {Float.NEGATIVE_INFINITY, -1000, -44, 0, -0f, 44, 1000, Float.POSITIVE_INFINITY, Float.NaN};
        LogisticSigmoid.activate(x, x.length);

        assertThat(x[0]).isEqualTo(x[2]).isCloseTo(7.78e-20f, within(1e-22f));
        assertThat(x[1]).isEqualTo(x[2]);
        assertThat(x[3]).isEqualTo(0.5f);
        assertThat(x[4]).isEqualTo(0.5f);
        assertThat(Arrays.copyOfRange(x, 5, 8)).containsOnly(1);
        assertThat(x[8]).isNaN();
    }

    @Test
    void growsWithItsArgument() {
        float[] x = new float[200_000];
        for (int i = 0; i < x.length; i++) {
            x[i] = -10 + i * 1e-4f;
        }
        LogisticSigmoid.activate(x, x.length);

        for (int i = 1; i < x.length; i++) {
            assertThat(x[i]).isGreaterThanOrEqualTo(x[i - 1] * (1 - 2e-7f));
        }
    }

    @Test
    void activatesAndBackpropagatesLikeTheStockOne() {
        assertSame(fast.getActivation(values.dup('c'), true), stock.getActivation(values.dup('c'), true));
        assertSame(
                fast.backprop(values.dup('c'), gradients.dup('c')).getFirst(),
                stock.backprop(values.dup('c'), gradients.dup('c')).getFirst());
    }

    @Test
    void leavesOtherLayoutsAndTypesToTheStockOne() {
        assertSame(fast.getActivation(values.dup('f'), true), stock.getActivation(values.dup('c'), true));
        INDArray doubles = values.castTo(DataType.DOUBLE);
        INDArray expected =
                stock.backprop(doubles.dup(), gradients.castTo(DataType.DOUBLE)).getFirst();
        assertThat(fast.backprop(doubles.dup(), gradients.castTo(DataType.DOUBLE))
                        .getFirst()
                        .data()
                        .asDouble())
                .isEqualTo(expected.data().asDouble());
    }

    private static void assertSame(INDArray actual, INDArray expected) {
        assertThat(actual.distance2(expected))
                .isLessThan(1e-6 * expected.norm2Number().doubleValue());
    }
}
