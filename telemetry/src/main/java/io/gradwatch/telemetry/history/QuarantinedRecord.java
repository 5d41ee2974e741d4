package io.gradwatch.telemetry.history;

import com.google.protobuf.ByteString;

/**
 * A record that could not be read.
 *
 * @param number counts them, from 1
 * @param timeMs its time in the log
 * @param key its key as text, with what is not UTF-8 replaced
 * @param reason one sentence that names the field and what is accepted
 * @param size bytes of its value
 * @param bytes its value, or the first {@value #KEPT_BYTES} bytes of it; empty where only the rest is asked for
 */
public record QuarantinedRecord(
        long number,
        String topic,
        int partition,
        long offset,
        long timeMs,
        String key,
        String reason,
        long size,
        ByteString bytes) {
    /** Most bytes that are kept. */
    public static final int KEPT_BYTES = 65_536;
}
