/**
 * The trainer process: its main class, and in the packages below the networks, data and runs of the paper.
 *
 * <p>Depends on {@code experiments.cli} only. One process trains one network.
 */
@NullMarked
package io.gradwatch.experiments;

import org.jspecify.annotations.NullMarked;
