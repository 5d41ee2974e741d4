/**
 * The images that networks learn from: CIFAR-100 from its official binary files, its download, generated images in the
 * same form, and the way from there to batches.
 *
 * <p>Depends on ND4J for a batch's arrays, on Commons Compress for the archive, and on no other package of the
 * experiments. Images and subsets are immutable and safe for any thread; a {@link
 * io.gradwatch.experiments.data.BatchPrefetcher} fills batches on a thread of its own for the one thread that takes them.
 */
@NullMarked
package io.gradwatch.experiments.data;

import org.jspecify.annotations.NullMarked;
