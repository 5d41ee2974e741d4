/**
 * The embedded Kafka broker: its ports, its configuration, its process, and whether a Kafka elsewhere answers.
 *
 * <p>Depends on the process and terminal packages and on Kafka; its storage lies in the kafka folder of the data directory. Types are immutable or say otherwise; what waits for a process blocks the calling thread.
 */
@NullMarked
package io.gradwatch.launcher.broker;

import org.jspecify.annotations.NullMarked;
