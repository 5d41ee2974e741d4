/**
 * Commands to running trainers: what they are called, which of them rules send by themselves, and what the cured twin of a
 * run is.
 *
 * <p>Depends on the contract, and on {@code history} and {@code ingest} for the alerts that lead to actions; not on Kafka, the
 * database or Vert.x. Values and functions for any thread; {@link io.gradwatch.telemetry.control.RuleActions} is called on the
 * ingest thread and does not block it.
 */
@NullMarked
package io.gradwatch.telemetry.control;

import org.jspecify.annotations.NullMarked;
