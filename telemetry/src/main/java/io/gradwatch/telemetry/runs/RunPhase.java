package io.gradwatch.telemetry.runs;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a run is doing, as {@code GET /runs} calls it. */
public enum RunPhase {
    RUNNING,
    FINISHED,
    STOPPED,
    FAILED,
    /** No end record, but no other record for a while either; the next one makes it {@link #RUNNING} again. */
    SILENT,
    /** Its trainer holds training, because it was told to, and says every now and then that it lives. */
    PAUSED;

    /** The name in the API: lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether its trainer is known to live, training or paused. */
    public boolean alive() {
        return this == RUNNING || this == PAUSED;
    }

    /** Whether the run has told of its end. */
    public boolean ended() {
        return this == FINISHED || this == STOPPED || this == FAILED;
    }

    /** The phase of this name in the API, or empty. */
    public static Optional<RunPhase> of(String label) {
        return Arrays.stream(values()).filter(p -> p.label().equals(label)).findFirst();
    }
}
