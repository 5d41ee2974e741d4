package io.gradwatch.experiments.checkpoint;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run is, in {@code run.json} of its folder: enough to start it again.
 *
 * @param formatVersion {@link #FORMAT_VERSION}
 * @param runId the run
 * @param name for people
 * @param tags to find it by
 * @param options every setting that decides what is computed, by its name on the command line
 * @param environment further options, by their names on the command line: "data", "threads"
 * @param data what it learns from
 * @param attempt that was started last, 1 for the first; written before the attempt begins, so that a killed one counts
 * @param startedAt when that attempt was started, ISO 8601
 * @param end what the run came to; null as long as it has not reached its planned end
 */
public record RunManifest(
        int formatVersion,
        String runId,
        String name,
        List<String> tags,
        Map<String, String> options,
        Map<String, String> environment,
        DataFingerprint data,
        int attempt,
        String startedAt,
        @Nullable End end) {
    /** Of the files that this class writes and reads. */
    public static final int FORMAT_VERSION = 1;

    public RunManifest {
        requireNonNull(runId, "runId");
        requireNonNull(name, "name");
        requireNonNull(data, "data");
        requireNonNull(Instant.parse(startedAt), "startedAt");
        tags = List.copyOf(tags);
        options = Map.copyOf(options);
        environment = Map.copyOf(environment);
    }

    /** When the last attempt was started. */
    Instant started() {
        return Instant.parse(startedAt);
    }

    /** This run with one more attempt, which may have another name, environment and start. */
    public RunManifest nextAttempt(RunManifest next) {
        return new RunManifest(
                FORMAT_VERSION,
                runId,
                next.name,
                next.tags,
                options,
                next.environment,
                data,
                attempt + 1,
                next.startedAt,
                null);
    }

    /** The same run at its planned end. */
    public RunManifest ended(End how) {
        return new RunManifest(FORMAT_VERSION, runId, name, tags, options, environment, data, attempt, startedAt, how);
    }

    /**
     * A run's planned end.
     *
     * @param reason one sentence
     * @param figures of the epoch that was tested
     * @param testLoss null if nothing was tested; may be NaN or infinite
     * @param testAccuracy 0 to 1, null likewise
     */
    public record End(
            String reason,
            EpochFigures figures,
            @Nullable Double testLoss,
            @Nullable Double testAccuracy) {
        public End {
            requireNonNull(reason, "reason");
            requireNonNull(figures, "figures");
        }
    }
}
