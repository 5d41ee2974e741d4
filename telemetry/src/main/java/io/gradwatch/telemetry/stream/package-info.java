/**
 * What flows from ingest to history, rules and live: records of the log with their place in it.
 *
 * <p>Depends on the contract alone. All types are immutable and safe for any thread.
 */
@NullMarked
package io.gradwatch.telemetry.stream;

import org.jspecify.annotations.NullMarked;
