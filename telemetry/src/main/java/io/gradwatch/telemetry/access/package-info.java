/**
 * Who may do what: tokens and their roles, the file that keeps them, sessions of browsers, and the delays of those who guess.
 *
 * <p>Knows neither HTTP nor Kafka; depends on the JDK alone.
 */
@NullMarked
package io.gradwatch.telemetry.access;

import org.jspecify.annotations.NullMarked;
