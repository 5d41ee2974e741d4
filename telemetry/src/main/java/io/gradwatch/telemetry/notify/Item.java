package io.gradwatch.telemetry.notify;

/**
 * Something that a channel is to be told.
 *
 * @param number unique in the journal, growing
 * @param queuedAtMs since the epoch
 */
record Item(long number, Notice notice, long queuedAtMs) {}
