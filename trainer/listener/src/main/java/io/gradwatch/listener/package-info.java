/**
 * The listener that an application adds to a Deeplearning4j model: it turns every iteration into one record on Kafka.
 *
 * <p>Depends on the packages below it (the network's layout, the statistics, the publisher, commands) and on the wire
 * format; nothing in them depends on it. {@link io.gradwatch.listener.GradientTelemetry}'s callbacks run on the training
 * thread, which never waits for Kafka: one daemon thread does that.
 */
@NullMarked
package io.gradwatch.listener;

import org.jspecify.annotations.NullMarked;
