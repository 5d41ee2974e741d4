package io.gradwatch.experiments.network;

/** Which implementation of the layers a network is built from; both compute the same function. */
public enum LayerKind {
    /** {@code io.gradwatch.experiments.layers}: about as fast as PyTorch. */
    FAST,
    /** Deeplearning4j's own layers, the reference in tests; with its default settings about 20 times slower. */
    STOCK;

    /**
     * The kind that can be built: the fast layers compute in Java on arrays in the machine's memory, so a network whose
     * arrays lie on a GPU is built from Deeplearning4j's own.
     */
    public LayerKind where(boolean arraysOnGpu) {
        return arraysOnGpu ? STOCK : this;
    }

    /** For a person, "Gradwatch's layers". */
    public String describe() {
        return this == FAST ? "Gradwatch's layers" : "Deeplearning4j's layers";
    }
}
