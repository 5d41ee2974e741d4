/**
 * The HTTP side: questions to history as JSON, exports as streams, the dashboard's files, and the bridges by which ingest
 * and history reach live viewers.
 *
 * <p>Depends on {@code history}, {@code live}, {@code rules}, {@code runs}, {@code ingest}'s port and Vert.x Web; Kafka is
 * not known here. Requests are handled on the event loop, everything that asks history on a worker pool.
 */
@NullMarked
package io.gradwatch.telemetry.http;

import org.jspecify.annotations.NullMarked;
