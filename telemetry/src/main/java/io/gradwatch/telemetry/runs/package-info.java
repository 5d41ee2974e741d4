/**
 * What a run is doing now: its phase, its newest values, and when it counts as silent.
 *
 * <p>Depends on the contract and on {@code stream}; time is passed in. {@link io.gradwatch.telemetry.runs.RunSummary} is
 * immutable, a {@link io.gradwatch.telemetry.runs.RunTracker} belongs to one thread.
 */
@NullMarked
package io.gradwatch.telemetry.runs;

import org.jspecify.annotations.NullMarked;
