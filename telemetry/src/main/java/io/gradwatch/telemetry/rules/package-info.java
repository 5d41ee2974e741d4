/**
 * The training-health rules: what a run's records say about it, and the alerts that follow.
 *
 * <p>Depends on the contract and on {@code stream} alone; knows no clock, no thread, no Kafka and no Vert.x, so that live
 * evaluation, replay and back-test are the same code. All public types are immutable and safe for any thread.
 */
@NullMarked
package io.gradwatch.telemetry.rules;

import org.jspecify.annotations.NullMarked;
