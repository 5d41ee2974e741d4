package io.gradwatch.experiments.network;

/** Which implementation of the layers a network is built from; both compute the same function. */
public enum LayerKind {
    /** {@code io.gradwatch.experiments.layers}: about as fast as PyTorch. */
    FAST,
    /** Deeplearning4j's own layers, the reference in tests; with its default settings about 20 times slower. */
    STOCK
}
