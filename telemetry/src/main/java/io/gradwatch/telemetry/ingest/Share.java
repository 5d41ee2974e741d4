package io.gradwatch.telemetry.ingest;

import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a service reads, judges and answers for: some partition numbers of all topics, and the runs that are in them.
 *
 * @param partitions their numbers; empty: all, however many there are
 * @param hasRun whether the run of this id belongs to it
 */
public record Share(Optional<Set<Integer>> partitions, Predicate<String> hasRun) {
    /** That of a service which is alone. */
    public static final Share ALL = new Share(Optional.empty(), runId -> true);

    /** That of a service which does not know yet, or not any more, what is its own. */
    public static final Share NOTHING = new Share(Optional.of(Set.of()), runId -> false);

    public Share {
        partitions = partitions.map(Set::copyOf);
    }

    /** Whether this partition of every topic is in it. */
    public boolean has(int partition) {
        return partitions.map(numbers -> numbers.contains(partition)).orElse(true);
    }

    /** Whether there is nothing to read. */
    public boolean isNothing() {
        return partitions.map(Set::isEmpty).orElse(false);
    }
}
