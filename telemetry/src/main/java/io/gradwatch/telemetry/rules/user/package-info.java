/**
 * Rules that people write: a YAML file read into rules of the same contract as the standard ones, with every mistake named by
 * line and column.
 *
 * <p>Depends on {@code rules}, the contract and SnakeYAML Engine's event parser, which makes no objects; a file can name metrics
 * and numbers, and nothing that runs. All public types are immutable and safe for any thread.
 */
@NullMarked
package io.gradwatch.telemetry.rules.user;

import org.jspecify.annotations.NullMarked;
