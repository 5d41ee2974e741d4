/**
 * Layers for Deeplearning4j that train the paper's networks about twenty times faster than the stock ones on a CPU:
 * convolution through oneDNN, and batch normalisation, leaky ReLU, sigmoid and sums in vectorised Java over off-heap memory.
 *
 * <p>Depends on Deeplearning4j and ND4J only; what a layer cannot do fast (double precision, other layouts, dropout) it
 * leaves to the stock layer it extends. A layer belongs to the thread that trains its network; the threads that share
 * its work are shared by all networks of the process, and how many they are does not change any result.
 */
@NullMarked
package io.gradwatch.experiments.layers;

import org.jspecify.annotations.NullMarked;
