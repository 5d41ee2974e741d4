package io.gradwatch.telemetry.archive;

import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.telemetry.history.PartitionOffset;
import io.gradwatch.telemetry.history.RunSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the files of a run are.
 *
 * @param schemaVersion of the history that they were written from
 * @param runId the run's id; inside the files it may have an older one
 * @param name for people
 * @param state as the API calls it
 * @param attempt the newest
 * @param annotation what people said of it; null: nothing
 * @param clusterId of the Kafka cluster that its records came from; null: not known
 * @param log where its iterations lay in that cluster's log; empty without any
 * @param offsets how far that log had been read
 * @param origin name of the file that it was imported from; empty: it came from the log
 */
public record Manifest(
        int schemaVersion,
        Instant writtenAt,
        String runId,
        String name,
        String state,
        int attempt,
        @Nullable RunAnnotation annotation,
        @Nullable String clusterId,
        Optional<RunSnapshot.Extent> log,
        List<PartitionOffset> offsets,
        Optional<String> origin,
        List<TableFile> tables) {
    /** Version of the layout of the folder. */
    static final int VERSION = 1;

    /** Name of the manifest's own file. */
    static final String FILE = "manifest.json";

    public Manifest {
        offsets = List.copyOf(offsets);
        tables = List.copyOf(tables);
    }

    /** A file {@code TABLE.parquet}. */
    public record TableFile(String table, long rows, long bytes, String sha256) {
        String file() {
            return table + ".parquet";
        }
    }

    /** Bytes of the files, without the manifest. */
    public long bytes() {
        return tables.stream().mapToLong(TableFile::bytes).sum();
    }

    /** The tables as history reads them. */
    List<RunSnapshot.Table> rows() {
        return tables.stream()
                .map(t -> new RunSnapshot.Table(t.table(), t.rows()))
                .toList();
    }

    /** The same for a run that was taken from a file, under this id. */
    Manifest imported(String id, String from) {
        return new Manifest(
                schemaVersion,
                writtenAt,
                id,
                name,
                state,
                attempt,
                annotation,
                clusterId,
                log,
                offsets,
                Optional.of(from),
                tables);
    }
}
