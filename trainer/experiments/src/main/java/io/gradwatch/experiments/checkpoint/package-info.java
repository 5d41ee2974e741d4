/**
 * Runs on disk: a folder for each run with its manifest, its lock and its checkpoints, written so that a crash at any
 * moment leaves the previous state whole, and read so that a damaged file is told from a good one.
 *
 * <p>Depends on Deeplearning4j and Jackson, on no other package of the experiments. A {@link
 * io.gradwatch.experiments.checkpoint.RunDirectory} belongs to one thread; the file lock keeps other processes away.
 */
@NullMarked
package io.gradwatch.experiments.checkpoint;

import org.jspecify.annotations.NullMarked;
