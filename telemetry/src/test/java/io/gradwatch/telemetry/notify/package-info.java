@NullMarked
package io.gradwatch.telemetry.notify;

import org.jspecify.annotations.NullMarked;
