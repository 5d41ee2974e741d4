/** Small real programs that stand in for the service and the trainer, and the launcher that starts them. */
@NullMarked
package io.gradwatch.launcher.fakes;

import org.jspecify.annotations.NullMarked;
