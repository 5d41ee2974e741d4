package io.gradwatch.telemetry.history;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What the buckets of several runs are counted in, so that the runs can be compared. */
public enum Alignment {
    ITERATION("iteration"),
    /** 0-based epochs. */
    EPOCH("epoch"),
    /** Milliseconds since the run's first iteration that counts, by the trainer's clock; pauses and resumes included. */
    WALL("produced_at");

    private final String column;

    Alignment(String column) {
        this.column = column;
    }

    /** Where its places are, in {@code iterations}. */
    String column() {
        return column;
    }

    /** The name in the API. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The alignment of this name, or empty. */
    public static Optional<Alignment> of(String label) {
        return Arrays.stream(values()).filter(a -> a.label().equals(label)).findFirst();
    }
}
