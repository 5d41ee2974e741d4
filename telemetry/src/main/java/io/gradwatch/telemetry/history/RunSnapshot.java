package io.gradwatch.telemetry.history;

import io.gradwatch.telemetry.runs.RunSummary;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run at one moment, as it was written to files.
 *
 * @param schemaVersion of the history that it comes from
 * @param clusterId of the Kafka cluster that history comes from; null: none was ever read
 * @param offsets how far that cluster's log had been read at that moment
 * @param log where the run's iterations lie in the log; empty without any
 * @param tables one for every file {@code NAME.parquet}
 */
public record RunSnapshot(
        int schemaVersion,
        RunSummary run,
        @Nullable String clusterId,
        List<PartitionOffset> offsets,
        Optional<Extent> log,
        List<Table> tables) {
    public RunSnapshot {
        offsets = List.copyOf(offsets);
        tables = List.copyOf(tables);
    }

    /** Offsets of the first and last iteration record, in one partition of {@code gradwatch.iterations}. */
    public record Extent(int partition, long firstOffset, long lastOffset) {}

    /** A table and how many rows of the run it has. */
    public record Table(String name, long rows) {}
}
