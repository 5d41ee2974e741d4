/**
 * Measurements that need gradients of their own: how the loss bends along the gradient, and how far the gradients of two
 * halves of a batch agree.
 *
 * <p>Depends on {@code network} and {@code statistics}, and on the wire format for its results. Everything here runs on the
 * training thread, between two steps, and leaves the model as it found it.
 */
@NullMarked
package io.gradwatch.listener.probe;

import org.jspecify.annotations.NullMarked;
