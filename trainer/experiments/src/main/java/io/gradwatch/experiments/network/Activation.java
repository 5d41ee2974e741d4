package io.gradwatch.experiments.network;

/** The non-linearity behind every convolution. */
public enum Activation {
    /** {@code max(x, 0.01·x)}. */
    LEAKY_RELU,
    /** {@code 1 / (1 + exp(-x))}. */
    SIGMOID;

    /** Slope of the leaky ReLU below zero. */
    public static final double LEAKY_SLOPE = 0.01;
}
