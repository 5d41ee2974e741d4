/**
 * The rules in force: the rule file of a data directory, followed while the service runs.
 *
 * <p>Depends on {@code rules}. One thread looks at the file every half second; everything else may be asked from any thread.
 */
@NullMarked
package io.gradwatch.telemetry.rulefile;

import org.jspecify.annotations.NullMarked;
