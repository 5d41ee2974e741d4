/**
 * The entry points: the command line's, and the one of the embedded broker's own JVM.
 *
 * <p>Depends on every package below it, and nothing depends on it. Each entry point runs on its JVM's main thread.
 */
@NullMarked
package io.gradwatch.launcher;

import org.jspecify.annotations.NullMarked;
