package io.gradwatch.listener.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.listener.network.NonLinearity.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NonLinearityTest {
    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"LEAKYRELU", "ELU", "SELU", "TANH", "SOFTSIGN", "SWISH", "GELU", "HARDTANH", "RATIONALTANH", "MISH"
            })
    void tellsSignsFromResultsBelowZero(Activation function) {
        assertThat(NonLinearity.of(function.getActivationFunction())).isEqualTo(new NonLinearity(Kind.BELOW, 0));
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"SIGMOID", "HARDSIGMOID"})
    void tellsSignsFromResultsBelowOneHalf(Activation function) {
        assertThat(NonLinearity.of(function.getActivationFunction())).isEqualTo(new NonLinearity(Kind.BELOW, 0.5f));
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"RELU", "RELU6", "RECTIFIEDTANH"})
    void takesZeroForNegativeBehindAReLU(Activation function) {
        assertThat(NonLinearity.of(function.getActivationFunction())).isEqualTo(new NonLinearity(Kind.AT_MOST, 0));
        assertThat(NonLinearity.of(new ActivationLReLU(0))).isEqualTo(new NonLinearity(Kind.AT_MOST, 0));
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"SOFTMAX", "THRESHOLDEDRELU"})
    void doesNotGuess(Activation function) {
        assertThat(NonLinearity.of(function.getActivationFunction()).tellsSigns())
                .isFalse();
        assertThat(NonLinearity.of(function.getActivationFunction()).isOne()).isTrue();
        assertThat(NonLinearity.of(new ActivationReLU(null, 1.0, 0.0)).tellsSigns())
                .isFalse();
    }

    @Test
    void knowsTheIdentity() {
        assertThat(NonLinearity.of(Activation.IDENTITY.getActivationFunction())).isEqualTo(NonLinearity.NONE);
    }

    @Test
    void takesNoRandomNumbers() {
        Nd4j.getRandom().setSeed(3);
        INDArray expected = Nd4j.rand(5);
        Nd4j.getRandom().setSeed(3);
        // Deeplearning4j's test mode makes a threshold of the mean slope: another function than in training
        assertThat(NonLinearity.of(Activation.RRELU.getActivationFunction()).tellsSigns())
                .isFalse();
        assertThat(Nd4j.rand(5)).isEqualTo(expected);
    }
}
