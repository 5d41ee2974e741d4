package io.gradwatch.telemetry.live;

import io.gradwatch.telemetry.runs.AttemptRange;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What a replay knows of a run before it reads its records.
 *
 * @param view the run as it is now
 * @param iterationsPerEpoch 0: not known
 * @param first the first record of the log
 * @param last the last record of the log at the time of asking; a replay ends there
 * @param firstIteration smallest iteration of any attempt
 * @param lastIteration greatest iteration that counts
 * @param attempts of which there are iterations, oldest first
 * @param marks what happened on the way, in the order of attempt and iteration
 */
public record Recording(
        RunView view,
        long iterationsPerEpoch,
        Place first,
        Place last,
        long firstIteration,
        long lastIteration,
        List<AttemptRange> attempts,
        List<Mark> marks) {
    public Recording {
        attempts = List.copyOf(attempts);
        marks = List.copyOf(marks);
    }

    /** From which iteration on an attempt has been replaced by those after it, up to a newer one. */
    long replacedFrom(int attempt, int newest) {
        return attempts.stream()
                .filter(a -> a.attempt() > attempt && a.attempt() <= newest)
                .mapToLong(AttemptRange::firstIteration)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Whether there is nothing to play. */
    boolean isEmpty() {
        return last.seq() < 0;
    }

    /**
     * One record of the log.
     *
     * @param producedAtMs when the trainer made it, milliseconds since the epoch
     */
    public record Place(long seq, int attempt, long iteration, long epoch, long producedAtMs) {
        /** Stands for both ends of a run without iterations. */
        public static final Place NONE = new Place(-1, 0, -1, 0, -1);
    }

    /** What a mark tells of. */
    public enum Kind {
        /** An item of {@code GET /runs/{id}/epochs}. */
        EPOCH,
        /** An item of {@code GET /alerts}, as it was after a transition. */
        ALERT,
        /** An item of {@code GET /runs/{id}/commands}. */
        COMMAND
    }

    /**
     * An epoch's end, an alert's transition or a command, to be told when the iteration has been played.
     *
     * @param subject marks of one subject follow each other, the newest holds
     * @param body must not be changed
     */
    public record Mark(int attempt, long iteration, Kind kind, String subject, JsonObject body) {
        /** Whether it has happened once this iteration of this attempt has been played. */
        boolean isBy(int atAttempt, long atIteration) {
            return attempt < atAttempt || (attempt == atAttempt && iteration <= atIteration);
        }
    }
}
