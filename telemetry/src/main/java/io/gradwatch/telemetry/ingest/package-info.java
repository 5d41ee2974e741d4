/**
 * The way in: one thread reads the log, judges every record, hands it to whoever watches live and writes it to history.
 *
 * <p>Depends on the contract, on {@code stream}, {@code runs}, {@code rules}, {@code history} and on Kafka's clients; the
 * HTTP side is behind the port {@link io.gradwatch.telemetry.ingest.Feed}. Everything but {@link
 * io.gradwatch.telemetry.ingest.IngestLoop}'s public methods belongs to the ingest thread.
 */
@NullMarked
package io.gradwatch.telemetry.ingest;

import org.jspecify.annotations.NullMarked;
