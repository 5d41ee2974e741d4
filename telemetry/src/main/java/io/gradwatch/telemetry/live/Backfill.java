package io.gradwatch.telemetry.live;

import io.gradwatch.telemetry.stream.IterationRecord;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * What the hub reads from history. Methods are called on the hub's context, must not block it, and may complete on any
 * thread. A failed future is told to the viewer as an error and ends its subscription.
 *
 * <p>A record must be readable here, at the latest, when {@value LiveHub#RING_RECORDS} further records of its run have been
 * published, or when none has been published for {@value LiveHub#IDLE_SECONDS} seconds; it may be readable before it is
 * published. Committing a batch to history before or soon after {@link LiveHub#publish} keeps that.
 */
public interface Backfill {

    /** The run, or empty when there is none of this id. */
    Future<Optional<RunView>> describe(String runId);

    /**
     * The records of a run with {@code fromSeq <= seq < beforeSeq}, in ascending order of seq, the first {@code limit} of
     * them. Fewer than {@code limit} means that history holds no more in that range.
     */
    Future<List<IterationRecord>> range(String runId, long fromSeq, long beforeSeq, int limit);

    /**
     * The seq of the n-th newest record among those of a run with {@code seq < beforeSeq}.
     *
     * @param n 1 or more; 1 is the newest
     * @return -1 when there are fewer than {@code n}
     */
    Future<Long> seqOfNewest(String runId, int n, long beforeSeq);

    /** What a replay needs to know of a run beforehand, or empty when there is none of this id. */
    Future<Optional<Recording>> recording(String runId);

    /**
     * The newest record with at most this iteration among those that counted while {@code attempt} was the newest one; empty
     * when there is none.
     */
    Future<Optional<Recording.Place>> placeOf(String runId, int attempt, long iteration);

    /** The same for a time, milliseconds since the epoch by the trainer's clock. */
    Future<Optional<Recording.Place>> placeAtTime(String runId, int attempt, long producedAtMs);
}
