package io.gradwatch.telemetry.runs;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Result;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.telemetry.stream.RunDescription;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run as {@code GET /runs/{id}} shows it. Null means: not known (yet), or not measured.
 *
 * @param description the newest attempt
 * @param announced false while nothing but iterations or epochs of the run has been read
 * @param startedAtMs as announced; when not announced, the stamp of the first record read
 * @param endedAtMs null while the run goes on
 * @param lastSeenMs when its newest record was read, by the service's clock
 * @param reason why it ended, or empty
 * @param iteration newest iteration of the newest attempt
 * @param dropped records that this attempt had to drop so far
 * @param validationLoss of the newest epoch that counts: a new attempt replaces what lies behind its first iteration
 * @param bestValidationAccuracy over all epochs that count; NaN does not
 * @param seq sequence number of the newest iteration record; -1 before the first
 * @param partition partition of that record; -1 before the first
 * @param worstSeverity of the firing alerts; null without any
 * @param attempts of which iterations have been read, oldest first
 * @param result what the newest attempt came to; null while it goes on, or where nothing was evaluated
 * @param samples what any attempt has sampled
 * @param annotation what people say about it; null: nothing
 */
public record RunSummary(
        RunDescription description,
        boolean announced,
        RunPhase phase,
        long startedAtMs,
        @Nullable Long endedAtMs,
        long lastSeenMs,
        String reason,
        @Nullable Long iteration,
        @Nullable Long epoch,
        @Nullable Float loss,
        @Nullable Float accuracy,
        @Nullable Float learningRate,
        long dropped,
        @Nullable Float validationLoss,
        @Nullable Float validationAccuracy,
        @Nullable Float bestValidationAccuracy,
        long seq,
        int partition,
        int firingAlerts,
        Alert.@Nullable Severity worstSeverity,
        List<AttemptRange> attempts,
        @Nullable Result result,
        Set<Sample> samples,
        @Nullable RunAnnotation annotation) {
    public RunSummary {
        attempts = List.copyOf(attempts);
        samples = Sample.ofBits(Sample.bits(samples));
    }

    /** The run's id. */
    public String id() {
        return description.runId();
    }

    /** What people say about it, as a base for saying more: before anybody has said something, the trainer's tags alone. */
    public RunAnnotation said() {
        return annotation == null
                ? RunAnnotation.newBuilder()
                        .addAllTags(description.started().getTagsList())
                        .build()
                : annotation;
    }

    /** The name that people gave it, else the trainer's, else its id. */
    public String name() {
        String given = annotation == null ? "" : annotation.getName();
        String named = given.isEmpty() ? description.started().getName() : given;
        return named.isEmpty() ? id() : named;
    }

    /** The tags that people left it, else the trainer's. */
    public List<String> tags() {
        return annotation == null ? description.started().getTagsList() : annotation.getTagsList();
    }

    /** Free text; empty: none. */
    public String notes() {
        return annotation == null ? "" : annotation.getNotes();
    }

    /** What really happened in it, according to people. */
    public List<String> labels() {
        return annotation == null ? List.of() : annotation.getLabelsList();
    }
}
