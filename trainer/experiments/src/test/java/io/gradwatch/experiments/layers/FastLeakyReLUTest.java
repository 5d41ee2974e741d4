package io.gradwatch.experiments.layers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FastLeakyReLUTest {
    private final IActivation fast = new FastLeakyReLU(0.01);
    private final IActivation stock = new ActivationLReLU(0.01);
    private final INDArray values = Nd4j.randn(DataType.FLOAT, 3, 70_001).muli(10);
    private final INDArray gradients = Nd4j.randn(DataType.FLOAT, 3, 70_001);

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
        assertSame(fast.getActivation(doubles.dup(), true), stock.getActivation(doubles.dup(), true));
    }

    @Test
    void keepsNotANumberAndInfinities() {
        INDArray special = Nd4j.createFromArray(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f);
        assertThat(fast.getActivation(special, true).data().asFloat())
                .containsExactly(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f);
    }

    @Test
    void derivativeIsTheSlopeFromZeroDown() {
        assertThat(LeakyRelu.derivative(1e-30f, 0.01f)).isEqualTo(1);
        assertThat(LeakyRelu.derivative(Float.POSITIVE_INFINITY, 0.01f)).isEqualTo(1);
        assertThat(LeakyRelu.derivative(0f, 0.01f)).isEqualTo(0.01f);
        assertThat(LeakyRelu.derivative(-1e-30f, 0.01f)).isEqualTo(0.01f);
        assertThat(LeakyRelu.derivative(Float.NaN, 0.01f)).isNaN();
    }

    private static void assertSame(INDArray actual, INDArray expected) {
        assertThat(actual.distance2(expected))
                .isLessThan(1e-6 * expected.norm2Number().doubleValue());
    }
}
