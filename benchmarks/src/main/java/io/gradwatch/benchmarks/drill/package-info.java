/**
 * Drills: something breaks while a training is watched, and afterwards the records in the log, in history and in an open
 * page of the dashboard are counted. Each is a {@link io.gradwatch.benchmarks.drill.Scenario}, started by a script of
 * {@code benchmarks/drills}.
 *
 * <p>What is counted, and how a record is spoilt, is pure and tested; the rest drives real processes. The thread of the
 * scenario alone talks to browsers.
 */
@NullMarked
package io.gradwatch.benchmarks.drill;

import org.jspecify.annotations.NullMarked;
