/**
 * Commands to a running training: read from Kafka by a daemon thread of its own, obeyed by the training thread between two
 * iterations, and answered each once.
 *
 * <p>Depends on the wire format, on Kafka's client (the reader alone) and on the log of {@code publish}; not on
 * Deeplearning4j. {@link io.gradwatch.listener.command.TrainingCommands} and {@link
 * io.gradwatch.listener.command.CommandRefusedException} are for applications, the rest is internal to the listener.
 */
@NullMarked
package io.gradwatch.listener.command;

import org.jspecify.annotations.NullMarked;
