package io.gradwatch.telemetry.history;

import io.gradwatch.telemetry.runs.AttemptRange;
import java.util.List;
import java.util.Optional;

/** Where the rows of runs came from. Any thread; methods block, and throw {@link HistoryException}. */
public final class RunOrigins {
    private final Readers readers;

    RunOrigins(Readers readers) {
        this.readers = readers;
    }

    /**
     * Where a run's rows came from.
     *
     * @param file name of the file that it was imported from; empty: the log
     * @param log where its iterations lie in the log; empty without any
     * @param epochs rows of epochs, of which the offset is not kept
     * @param histograms rows of histograms, likewise
     */
    public record Origin(
            String runId, Optional<String> file, Optional<RunSnapshot.Extent> log, long epochs, long histograms) {}

    /** Of all runs, by their numbers. */
    public List<Origin> all() {
        return readers.read(c -> {
            record Run(int key, String id) {}
            List<Run> runs = Sql.query(
                    c,
                    "SELECT run_key, id FROM runs ORDER BY run_key",
                    row -> new Run(row.getInt(1), row.getString(2)));
            List<Origin> origins = new java.util.ArrayList<>();
            for (Run run : runs) {
                origins.add(new Origin(
                        run.id(),
                        Sql.first(
                                c,
                                "SELECT origin FROM imported_runs WHERE run_key = ?",
                                row -> row.getString(1),
                                run.key()),
                        RunFiles.extent(c, run.key()),
                        Sql.first(c, "SELECT count(*) FROM epochs WHERE run_key = ?", row -> row.getLong(1), run.key())
                                .orElse(0L),
                        Sql.first(
                                        c,
                                        "SELECT count(*) FROM histograms WHERE run_key = ?",
                                        row -> row.getLong(1),
                                        run.key())
                                .orElse(0L)));
            }
            return origins;
        });
    }

    /** A run that has told of its end. */
    public record Ended(String runId, long endedAtMs) {}

    /** All runs that have ended, oldest end first. */
    public List<Ended> ended() {
        return readers.read(c -> Sql.query(
                c,
                "SELECT r.id, coalesce(p.ended_at, p.last_seen) AS ended FROM runs r JOIN progress p USING (run_key)"
                        + " WHERE p.phase IN ('finished', 'stopped', 'failed') ORDER BY ended",
                row -> new Ended(row.getString(1), row.getLong(2))));
    }

    /** Ids of the runs that were deleted: their records are skipped, wherever they still are. */
    public List<String> deleted() {
        return readers.read(c -> Sql.query(c, "SELECT run_id FROM annotations WHERE deleted", row -> row.getString(1)));
    }

    /** How far the log has been read. */
    public List<PartitionOffset> offsets() {
        return readers.read(c -> Sql.query(
                c,
                "SELECT topic, partition, next_offset FROM offsets",
                row -> new PartitionOffset(row.getString(1), row.getInt(2), row.getLong(3))));
    }

    /** The iterations of a run whose records lie before an offset, for each attempt that has some. */
    public List<AttemptRange> before(String runId, long offset) {
        return readers.read(c -> Sql.query(
                c,
                "SELECT attempt, min(iteration), max(iteration), count(*) FROM iterations WHERE run_key ="
                        + " (SELECT run_key FROM runs WHERE id = ?) AND seq < ? GROUP BY attempt ORDER BY attempt",
                row -> new AttemptRange(row.getInt(1), row.getLong(2), row.getLong(3), row.getLong(4)),
                runId,
                offset));
    }

    /** Transitions of alerts that were published. */
    public List<OutboxAlert.Key> published() {
        return readers.read(c -> Sql.query(
                c,
                "SELECT alert_id, transition FROM transitions WHERE published",
                row -> new OutboxAlert.Key(row.getString(1), row.getInt(2))));
    }
}
