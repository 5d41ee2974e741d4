/**
 * The statistics of one iteration, as the wire format defines them, from the flattened arrays of a network.
 *
 * <p>Internal to the listener: may change without notice. Depends on {@code network} and on the wire format. Everything
 * here reuses its buffers and belongs to the training thread; what it returns is immutable.
 */
@NullMarked
package io.gradwatch.listener.statistics;

import org.jspecify.annotations.NullMarked;
