package io.gradwatch.telemetry.query;

import java.util.List;
import java.util.Locale;

/**
 * A text in which {@code *} stands for any characters, also none.
 *
 * @param parts what is between the stars, in lower case: one part for a text without stars
 */
public record Pattern(List<String> parts) {
    public Pattern {
        parts = List.copyOf(parts);
    }

    /** A text to be taken as it is. */
    public static Pattern exactly(String text) {
        return new Pattern(List.of(text.toLowerCase(Locale.ROOT)));
    }

    /** A text with stars. */
    static Pattern of(String text) {
        return new Pattern(List.of(text.toLowerCase(Locale.ROOT).split("\\*", -1)));
    }
}
