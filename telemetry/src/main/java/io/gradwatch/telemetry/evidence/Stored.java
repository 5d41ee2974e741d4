package io.gradwatch.telemetry.evidence;

import io.gradwatch.telemetry.runs.RunSummary;
import java.util.Set;

/**
 * A run that evidence may come from.
 *
 * @param fired names of the rules that have fired in it, of warning or above
 */
public record Stored(RunSummary run, Set<String> fired) {
    public Stored {
        fired = Set.copyOf(fired);
    }
}
