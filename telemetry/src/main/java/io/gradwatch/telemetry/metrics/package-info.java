/** What the service tells of itself: to Prometheus, and by OTLP where that was asked for. Meters are Micrometer's. */
@NullMarked
package io.gradwatch.telemetry.metrics;

import org.jspecify.annotations.NullMarked;
