/**
 * The way from a training thread to Kafka: a bounded queue, one daemon thread, and the sink that it writes to.
 *
 * <p>Internal to the listener, except for {@link io.gradwatch.listener.publish.Delivery}. Depends on the wire format and
 * on Kafka's client, not on Deeplearning4j. Any thread may offer records; only the daemon thread ever waits.
 */
@NullMarked
package io.gradwatch.listener.publish;

import org.jspecify.annotations.NullMarked;
