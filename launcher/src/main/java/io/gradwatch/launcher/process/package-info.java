/**
 * Child processes of this JVM: how they are started, watched, restarted and stopped, so that none outlives the launcher.
 *
 * <p>Depends on nothing but the JDK. Types are safe for any thread unless they say otherwise; each child has a daemon
 * thread for each of its two outputs, and each supervised one another that waits for its end.
 */
@NullMarked
package io.gradwatch.launcher.process;

import org.jspecify.annotations.NullMarked;
