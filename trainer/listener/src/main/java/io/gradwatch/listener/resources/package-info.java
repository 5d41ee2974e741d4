/**
 * What the training process takes of the machine: processors, memory, GPU.
 *
 * <p>Internal to the listener. Depends on the wire format alone. A daemon thread samples; any thread may take the newest
 * sample, and none ever waits for one.
 */
@NullMarked
package io.gradwatch.listener.resources;

import org.jspecify.annotations.NullMarked;
