package io.gradwatch.experiments.network;

/**
 * What leads around a block of a VGG network. Around a processing block it is the identity, H(x) = F(x) + x; the kinds
 * differ in how a reduction block's input, which is twice as high and wide as its output, is made to fit.
 */
public enum Skip {
    /** Nothing leads around any block. */
    NONE,
    /** A 1×1 convolution with stride 2, without bias and without normalisation: the paper's choice. */
    CONV,
    /** Average pooling over 2×2 pixels, without parameters. */
    AVG,
    /** Max pooling over 2×2 pixels, without parameters; "less impressive results", the paper says. */
    MAX
}
