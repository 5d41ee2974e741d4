/**
 * What browsers see while a run trains: shared binary frames over WebSockets, with credit, conflation and resumption.
 *
 * <p>Depends on the contract, on {@code stream} and on Vert.x; history is behind the port {@link
 * io.gradwatch.telemetry.live.Backfill}, and Kafka is not known here. All state belongs to the one Vert.x context of a
 * {@link io.gradwatch.telemetry.live.LiveHub}; its public methods may be called from any thread.
 */
@NullMarked
package io.gradwatch.telemetry.live;

import org.jspecify.annotations.NullMarked;
