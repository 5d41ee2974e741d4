package io.gradwatch.experiments.network;

/** What leads around a block. */
public enum Skip {
    /** Nothing. */
    NONE,
    /**
     * A processing block's input is added to its output as it is; around a reduction block, which halves the image,
     * leads a 1×1 convolution with stride 2, without bias and without normalisation.
     */
    PROJECTION
}
