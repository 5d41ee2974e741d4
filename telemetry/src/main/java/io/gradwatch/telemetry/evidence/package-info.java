/**
 * Evidence cards: what an alert measured, what it means, what changed that in other runs or in the paper, and what to try.
 *
 * <p>A pure function of an alert, its run and other stored runs: depends on {@code runs} and the contract alone, knows no
 * clock, no thread and no store. All types are immutable and safe for any thread.
 */
@NullMarked
package io.gradwatch.telemetry.evidence;

import org.jspecify.annotations.NullMarked;
