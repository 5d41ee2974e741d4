@NullMarked
package io.gradwatch.telemetry.tensorboard;

import org.jspecify.annotations.NullMarked;
