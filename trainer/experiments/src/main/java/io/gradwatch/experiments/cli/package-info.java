/**
 * The command line of the trainer: {@code train}, {@code table1}, {@code data} and {@code presets}; what users type, what they see, and
 * what they are told when it cannot be done.
 *
 * <p>Depends on the other packages of the experiments, on picocli and on Kafka's admin client; nothing depends on it but
 * the main class. Commands run on the main thread; a run's stop may be asked for on the threads of signals and of
 * standard input.
 */
@NullMarked
package io.gradwatch.experiments.cli;

import org.jspecify.annotations.NullMarked;
