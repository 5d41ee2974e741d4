/**
 * What a Deeplearning4j network looks like from outside: its weight layers in forward order, its batch-normalisation
 * layers, and where each one's numbers lie in the flattened arrays.
 *
 * <p>Internal to the listener: may change without notice. Depends on Deeplearning4j alone. Layouts are immutable; a
 * {@link io.gradwatch.listener.network.TrainedModel} is used on the training thread.
 */
@NullMarked
package io.gradwatch.listener.network;

import org.jspecify.annotations.NullMarked;
