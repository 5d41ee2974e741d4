package io.gradwatch.experiments.network;

/** The non-linearity behind every convolution. */
public enum Activation {
    /** {@code max(x, 0.01·x)}: the paper's. */
    LEAKY_RELU,
    /** {@code max(x, 0)}. */
    RELU,
    /** {@code 1 / (1 + exp(-x))}. */
    SIGMOID,
    /** {@code tanh(x)}. */
    TANH;

    /** Slope of the leaky ReLU below zero. */
    public static final double LEAKY_SLOPE = 0.01;
}
