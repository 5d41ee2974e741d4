/**
 * One training run: the loop over batches and epochs, its learning-rate schedule, validation, limits and graceful stop,
 * what it reports on the way and how it describes itself.
 *
 * <p>Depends on {@code experiments.data}, {@code experiments.network}, {@code experiments.layers}, the listener and
 * Deeplearning4j. A run belongs to
 * the one thread that calls it; only a {@link io.gradwatch.experiments.run.StopSignal} may be used from any thread.
 */
@NullMarked
package io.gradwatch.experiments.run;

import org.jspecify.annotations.NullMarked;
