package io.gradwatch.telemetry.live;

import io.gradwatch.telemetry.live.FrameHead.Source;
import io.gradwatch.telemetry.live.Recording.Mark;
import io.gradwatch.telemetry.live.Recording.Place;
import io.gradwatch.telemetry.replay.Axis;
import io.gradwatch.telemetry.replay.Playback;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One run of a replay: reads its records ahead, page by page, and sends those that are due as the viewer's credit allows.
 * All on the hub's context.
 */
final class ReplayTrack {
    /** What a place is reached with: the newest iterations before it, it included. Empty: before the first record. */
    record Landing(Optional<Place> place, List<IterationRecord> backfill) {}

    final String runId;
    final Recording recording;
    final Axis axis;
    private final Replay replay;
    private final int index;
    private final MetricSet metrics;
    private final Backfill history;
    private final Limits limits;
    private final ReplayLimits replayLimits;
    private final HubContext hub;
    /** What waits for credit, where the viewer wants the pace kept: one point for every attempt, oldest first. */
    private final ArrayDeque<Conflation> conflated = new ArrayDeque<>();

    private FrameShape shape;
    /** Backfill, or what was due, that has not been sent. */
    private List<IterationRecord> pending = List.of();

    private Source source = Source.LIVE;
    private int inFlight;
    private long prev = -1;
    private long nextSeq;
    private boolean reading;
    /** Answers to questions that were asked before a place was sought are not wanted any more. */
    private int generation;
    /** The newest record sent, or passed over when a place was sought. */
    private @Nullable Place at;

    private int nextMark;

    ReplayTrack(
            Replay replay,
            int index,
            Recording recording,
            String runId,
            Axis axis,
            MetricSet metrics,
            Backfill history,
            Limits limits,
            ReplayLimits replayLimits,
            HubContext hub) {
        this.replay = replay;
        this.index = index;
        this.recording = recording;
        this.runId = runId;
        this.axis = axis;
        this.metrics = metrics;
        this.history = history;
        this.limits = limits;
        this.replayLimits = replayLimits;
        this.hub = hub;
        this.shape = new FrameShape(limits);
    }

    /** Where it is; null before its first record. */
    @Nullable
    Place at() {
        return at;
    }

    /** Reads what a viewer of this place has on the screen. */
    Future<Landing> land(Optional<Place> place) {
        if (place.isEmpty()) {
            return Future.succeededFuture(new Landing(place, List.of()));
        }
        long end = place.get().seq() + 1;
        int wanted = replayLimits.backfill();
        return history.seqOfNewest(runId, wanted, end)
                .compose(first -> history.range(runId, Math.max(0, first), end, wanted))
                .map(records -> new Landing(place, records));
    }

    /** Goes on from there. */
    void landed(Landing landing) {
        generation++;
        reading = false;
        conflated.clear();
        shape = new FrameShape(limits);
        pending = landing.backfill();
        source = Source.CATCHUP;
        prev = -1;
        at = landing.place().orElse(null);
        nextSeq = at == null ? recording.first().seq() : at.seq() + 1;
        nextMark = 0;
        List<Mark> marks = recording.marks();
        while (at != null && nextMark < marks.size() && marks.get(nextMark).isBy(at.attempt(), at.iteration())) {
            nextMark++;
        }
    }

    /** Marks up to the present place. */
    List<Mark> passed() {
        return recording.marks().subList(0, nextMark);
    }

    /** Whether backfill waits for credit: nothing is played before it. */
    boolean isCatchingUp() {
        return source == Source.CATCHUP && !pending.isEmpty();
    }

    boolean hasUnsent() {
        return !pending.isEmpty() || !conflated.isEmpty();
    }

    void acknowledged() {
        inFlight = Math.max(0, inFlight - 1);
    }

    boolean canSend() {
        return inFlight < limits.credit() && replay.viewer().canTake();
    }

    /** Sends what is left from before, as far as the viewer takes it. */
    void sendPending() {
        while (!conflated.isEmpty() && canSend()) {
            Conflation oldest = conflated.removeFirst();
            long seqTo = oldest.seqTo();
            send(oldest.drain(replay.id(), prev, hub.nowMs()), seqTo);
        }
        while (!pending.isEmpty() && canSend()) {
            List<IterationRecord> chunk = shape.chunk(pending, 0);
            FrameHead head = shape.head(source, chunk, prev, hub.nowMs()).ofReplay(replay.id());
            send(
                    PointsFrame.encode(head, chunk, metrics),
                    chunk.get(chunk.size() - 1).seq());
            pending = pending.size() == chunk.size() ? List.of() : pending.subList(chunk.size(), pending.size());
            if (source == Source.LIVE) {
                played(chunk.get(chunk.size() - 1));
            }
        }
    }

    /** Sends what is due. Returns whether more is due than could be sent. */
    boolean play(Playback playback, boolean conflate) {
        sendPending();
        while (!hasUnsent() && canSend()) {
            List<IterationRecord> due = playback.take(index, replayLimits.aheadRecords());
            if (due.isEmpty()) {
                return false;
            }
            source = Source.LIVE;
            due.forEach(shape::see);
            pending = due;
            sendPending();
        }
        if (conflate) {
            for (IterationRecord record : playback.take(index, Integer.MAX_VALUE)) {
                shape.see(record);
                if (conflated.isEmpty() || !conflated.getLast().takes(record)) {
                    conflated.addLast(new Conflation(metrics));
                }
                conflated.getLast().add(record);
                played(record);
            }
        }
        return hasUnsent() || playback.untilDueMs() == 0;
    }

    private void played(IterationRecord record) {
        at = new Place(
                record.seq(),
                record.attempt(),
                record.iteration().getIteration(),
                Integer.toUnsignedLong(record.iteration().getEpoch()),
                record.producedAtMs());
        List<Mark> marks = recording.marks();
        while (nextMark < marks.size() && marks.get(nextMark).isBy(at.attempt(), at.iteration())) {
            replay.viewer().send(ReplayMessages.mark(replay.id(), runId, marks.get(nextMark++)));
        }
    }

    private void send(Buffer frame, long seqTo) {
        inFlight++;
        prev = seqTo;
        replay.viewer().send(frame);
    }

    /** Reads on where there is room for more. */
    void readAhead(Playback playback) {
        int room = replayLimits.ahead(
                recording.view().layers().size(), recording.view().batchNorms().size());
        int page = room / 2;
        if (reading || playback.isComplete(index) || playback.ahead(index) > room - page) {
            return;
        }
        reading = true;
        int asked = generation;
        long end = recording.last().seq() + 1;
        hub.when(
                history.range(runId, nextSeq, end, page),
                records -> {
                    if (asked == generation) {
                        reading = false;
                        read(playback, records, records.size() < page);
                        replay.pump();
                    }
                },
                cause -> {
                    if (asked == generation) {
                        reading = false;
                        replay.failed(runId, cause);
                    }
                });
    }

    private void read(Playback playback, List<IterationRecord> records, boolean allOfIt) {
        if (!records.isEmpty()) {
            nextSeq = records.get(records.size() - 1).seq() + 1;
            playback.offer(
                    index,
                    records.stream()
                            .filter(r -> replay.isInRange(r.iteration().getIteration()))
                            .toList());
        }
        if (allOfIt || nextSeq > recording.last().seq()) {
            playback.complete(index);
        }
    }
}
