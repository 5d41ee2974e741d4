/**
 * When a stored record is due again: the clock of a replay, and several runs that are replayed in step.
 *
 * <p>Depends on {@code stream} alone: values and a clock go in, records that are due come out. Nothing here is safe for
 * several threads; a {@link io.gradwatch.telemetry.replay.Playback} belongs to the one that made it.
 */
@NullMarked
package io.gradwatch.telemetry.replay;

import org.jspecify.annotations.NullMarked;
