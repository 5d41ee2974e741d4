package io.gradwatch.experiments.network;

/** Where batch normalisation stands in a network. */
public enum Normalisation {
    /** Nowhere. */
    NONE,
    /** Directly after every 3×3 convolution, before its activation: the paper's choice. */
    BEFORE_ACTIVATION
}
