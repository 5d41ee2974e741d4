/**
 * History made again: from the log, and what the log no longer has from the old history and the archive.
 *
 * <p>Depends on {@code ingest}, {@code history}, {@code archive} and the contract. One thread, that of the command; no
 * service may run on the data directory.
 */
@NullMarked
package io.gradwatch.telemetry.rebuild;

import org.jspecify.annotations.NullMarked;
