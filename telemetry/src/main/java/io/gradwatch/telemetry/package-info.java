/**
 * The telemetry service's process: options, wiring, start and end.
 *
 * <p>Depends on all packages below it, and none depends on it. The main thread waits for the end; everything else runs on
 * the threads of the parts.
 */
@NullMarked
package io.gradwatch.telemetry;

import org.jspecify.annotations.NullMarked;
