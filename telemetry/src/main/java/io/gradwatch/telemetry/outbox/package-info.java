/**
 * The way out for alerts: publishes transitions that are in history on {@code gradwatch.alerts}, at least once each.
 *
 * <p>Depends on the contract, on {@code ingest}, whose port it serves, on {@code history} and on Kafka's clients. Its own
 * thread sends; its public methods may be called from any thread and do not block.
 */
@NullMarked
package io.gradwatch.telemetry.outbox;

import org.jspecify.annotations.NullMarked;
