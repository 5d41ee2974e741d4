package io.gradwatch.telemetry.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers and times as the API writes them. */
final class JsonValues {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private JsonValues() {}

    /** A number, or one of the strings NaN, Infinity and -Infinity, or null for not measured. */
    static @Nullable Object number(@Nullable Float value) {
        return value == null || Float.isFinite(value) ? value : value.toString();
    }

    /** The same for a double. */
    static @Nullable Object number(@Nullable Double value) {
        return value == null || Double.isFinite(value) ? value : value.toString();
    }

    /** A time in milliseconds since the epoch; null stays null. */
    static @Nullable String time(@Nullable Long ms) {
        return ms == null ? null : TIME.format(Instant.ofEpochMilli(ms));
    }
}
