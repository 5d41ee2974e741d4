package io.gradwatch.experiments.network;

/**
 * How weights and biases are drawn before training. It decides whether a plain deep network shows vanishing gradients
 * at all. {@code fanIn} is the number of inputs of one output: input channels times kernel area.
 */
public enum Initialisation {
    /** Weights and biases uniform in ±1/√fanIn: the paper's. */
    UNIFORM,
    /** Weights normal with variance 2/(fanIn + fanOut), biases zero. */
    XAVIER,
    /** Weights normal with variance 2/fanIn, biases zero. */
    HE
}
