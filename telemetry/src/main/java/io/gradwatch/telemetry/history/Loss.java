package io.gradwatch.telemetry.history;

/**
 * Records that were no longer in the log when they were to be read.
 *
 * @param firstOffset of the first of them
 * @param lastOffset of the last of them
 * @param noticedAtMs when it was found out
 */
public record Loss(String topic, int partition, long firstOffset, long lastOffset, long noticedAtMs) {
    /** How many offsets; in a compacted topic there may have been fewer records. */
    public long records() {
        return lastOffset - firstOffset + 1;
    }
}
