/**
 * Trainers that the dashboard asks for: the cured twin of a run, started beside it.
 *
 * <p>Depends on the wire format, on Kafka's clients, and on {@code session} for starting trainers. One thread reads commands
 * and starts trainers; answers are sent from it and from the threads that trainers' output is read on.
 */
@NullMarked
package io.gradwatch.launcher.twin;

import org.jspecify.annotations.NullMarked;
