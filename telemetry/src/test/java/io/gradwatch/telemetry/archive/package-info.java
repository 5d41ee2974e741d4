@NullMarked
package io.gradwatch.telemetry.archive;

import org.jspecify.annotations.NullMarked;
