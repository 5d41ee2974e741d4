@NullMarked
package io.gradwatch.telemetry.lifecycle;

import org.jspecify.annotations.NullMarked;
