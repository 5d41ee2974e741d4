/** Tools for trying the service against a real Kafka by hand: a load driver, and a comparison of history with the log. */
@org.jspecify.annotations.NullMarked
package io.gradwatch.telemetry.drill;
