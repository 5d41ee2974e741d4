/** What the service tells of itself, in the text format of Prometheus. Depends on the JDK alone. */
@NullMarked
package io.gradwatch.telemetry.metrics;

import org.jspecify.annotations.NullMarked;
