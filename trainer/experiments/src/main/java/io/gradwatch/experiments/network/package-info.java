/**
 * The networks of the paper: what they are made of, their hyper-parameters, and how they become Deeplearning4j graphs.
 *
 * <p>Depends on Deeplearning4j and on {@code experiments.layers}; everything but {@link
 * io.gradwatch.experiments.network.Networks} is pure and starts no native code. All descriptions are immutable and safe
 * for any thread; a built network belongs to the one thread that trains it.
 */
@NullMarked
package io.gradwatch.experiments.network;

import org.jspecify.annotations.NullMarked;
