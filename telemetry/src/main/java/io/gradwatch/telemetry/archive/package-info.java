/**
 * Runs as files: a folder of Parquet files with a manifest for each run in the data directory's archive, and the same in one
 * zip file to carry a run elsewhere.
 *
 * <p>Depends on {@code history}, {@code runs} and the contract; neither Vert.x nor Kafka is known here. Any thread may call;
 * methods block on the disk.
 */
@NullMarked
package io.gradwatch.telemetry.archive;

import org.jspecify.annotations.NullMarked;
