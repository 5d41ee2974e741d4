package io.gradwatch.experiments.layers;

import org.nd4j.linalg.activations.IActivation;

/** An activation that {@link FastConvolution} runs in the same vertex, in place, and takes back from its result. */
sealed interface FusedActivation extends IActivation permits FastLeakyReLU, FastSigmoid {
    /** What it computes. */
    Pointwise pointwise();
}
