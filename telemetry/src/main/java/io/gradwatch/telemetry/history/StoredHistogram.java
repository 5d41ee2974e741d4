package io.gradwatch.telemetry.history;

import java.util.List;

/**
 * How the values of one layer were distributed in one iteration; the bins are those of the wire format.
 *
 * @param firstBin bin of the first of {@code counts}
 * @param counts elements in that bin and the following ones; all others are empty
 * @param zeros elements that are exactly zero
 * @param below not zero, but below the first bin
 * @param above finite, beyond the last bin
 * @param notFinite NaN or infinite
 */
public record StoredHistogram(
        long iteration,
        long epoch,
        int attempt,
        int layer,
        int firstBin,
        List<Long> counts,
        long zeros,
        long below,
        long above,
        long notFinite) {
    public StoredHistogram {
        counts = List.copyOf(counts);
    }
}
