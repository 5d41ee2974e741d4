package io.gradwatch.telemetry.history;

/**
 * What has been read from the log, ever.
 *
 * @param records all of them
 * @param iterations iteration records
 * @param malformed records that broke the format
 * @param unknown records of a type that this version does not know
 * @param lastRecordAtMs when the last one was read; 0: none yet
 */
public record Counters(long records, long iterations, long malformed, long unknown, long lastRecordAtMs) {
    /** Nothing yet. */
    public static final Counters NONE = new Counters(0, 0, 0, 0, 0);
}
