/**
 * The ways out to Kafka: transitions of alerts that are in history, at least once each; what people say about runs, and
 * commands to trainers, once each.
 *
 * <p>Depends on the contract, on {@code ingest} and {@code control}, whose ports it serves, on {@code history} and on Kafka's
 * clients. Its own threads send; its public methods may be called from any thread and do not block.
 */
@NullMarked
package io.gradwatch.telemetry.outbox;

import org.jspecify.annotations.NullMarked;
