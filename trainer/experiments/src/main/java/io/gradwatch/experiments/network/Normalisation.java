package io.gradwatch.experiments.network;

/** Where batch normalisation stands in a network. */
public enum Normalisation {
    /** Nowhere. */
    NONE,
    /**
     * Directly after the entry convolution and nowhere else: so the public framework that the paper's runs come from
     * builds its "plain" networks. For VGG only.
     */
    ENTRY,
    /**
     * Before each activation: in VGG, Highway and ResNeXt directly after every convolution (the paper's choice), in
     * DenseNet and Wide ResNet at the beginning of every layer.
     */
    BEFORE,
    /**
     * Directly after each activation, and so before the pooling that may follow; where a skip is added, after the
     * activation of the sum. Not for DenseNet and Wide ResNet, which normalise what enters a layer.
     */
    AFTER
}
