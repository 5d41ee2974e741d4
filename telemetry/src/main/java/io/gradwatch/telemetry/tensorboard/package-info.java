/**
 * TensorBoard's event files, written from a run and read as a run: TFRecord frames around Event messages of TensorFlow, of
 * which only scalars are of interest here.
 *
 * <p>Depends on {@code history}, {@code runs}, {@code stream}, {@code archive} and the contract. Any thread; methods block
 * on the disk.
 */
@NullMarked
package io.gradwatch.telemetry.tensorboard;

import org.jspecify.annotations.NullMarked;
