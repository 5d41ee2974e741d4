/**
 * History: a DuckDB file that is a materialised view of the log, written in batches with the log's offsets in the same
 * transaction, and the questions that can be asked of it.
 *
 * <p>Depends on the contract, on {@code stream}, on {@code runs} and on DuckDB; neither Vert.x nor Kafka is known here. One
 * thread writes ({@link io.gradwatch.telemetry.history.HistoryWriter}); queries may be asked by any thread that may block.
 */
@NullMarked
package io.gradwatch.telemetry.history;

import org.jspecify.annotations.NullMarked;
