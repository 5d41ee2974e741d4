package io.gradwatch.telemetry.live;

import io.gradwatch.telemetry.live.FrameHead.Source;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One viewer's view of one run. It first catches up from history, page by page as the viewer takes the frames, then from
 * the run's ring, and then lives on the ticks; without credit it conflates. All on the hub's context.
 */
final class Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);

    private enum Phase {
        PLANNING,
        CATCHING_UP,
        LIVE,
        CLOSED
    }

    private final Viewer viewer;
    private final LiveRun run;
    private final Request.Subscribe request;
    private final String text;
    private final Backfill backfill;
    private final Limits limits;
    private final HubContext hub;
    /** What waits for credit: one point for every attempt, oldest first. */
    private final ArrayDeque<Conflation> conflated = new ArrayDeque<>();

    private Phase phase = Phase.PLANNING;
    /** Everything up to this sequence number has been sent, or conflated, or lies before what was asked for. */
    private long position = -1;
    /** Sequence number up to which the viewer has seen everything: what the next frame names as its predecessor. */
    private long prev = -1;

    private int inFlight;
    /** Records read from history that have not been sent, and where this stands when they have. */
    private List<IterationRecord> page = List.of();

    private long positionAfterPage;
    private boolean reading;
    /** History was read to its end while the ring was empty. */
    private boolean historyExhausted;
    /** The run's count of published records when catching up began. */
    private long publishedAtStart;

    Subscription(
            Viewer viewer,
            LiveRun run,
            Request.Subscribe request,
            String text,
            Backfill backfill,
            Limits limits,
            HubContext hub) {
        this.viewer = viewer;
        this.run = run;
        this.request = request;
        this.text = text;
        this.backfill = backfill;
        this.limits = limits;
        this.hub = hub;
    }

    LiveRun run() {
        return run;
    }

    void start() {
        hub.when(backfill.describe(run.id), this::described, this::failed);
    }

    void close() {
        phase = Phase.CLOSED;
        page = List.of();
    }

    /** The viewer has drawn a frame. */
    void acknowledged() {
        inFlight = Math.max(0, inFlight - 1);
        pump();
    }

    private void described(Optional<RunView> view) {
        if (phase == Phase.CLOSED) {
            return;
        }
        if (view.isEmpty()) {
            viewer.refuse(this, Problem.unknownRun(run.id));
            return;
        }
        viewer.send(Messages.subscribed(view.get()));
        if (request.from().isPresent()) {
            resume(request.from().getAsLong());
        } else {
            startAtNewest(request.backfill(), seq -> {
                position = seq;
                catchUp();
            });
        }
    }

    private void failed(Throwable cause) {
        if (phase != Phase.CLOSED) {
            LOG.warn("history could not be read for a viewer runId={}", run.id, cause);
            viewer.refuse(this, Problem.historyFailed(run.id));
        }
    }

    private void resume(long from) {
        position = from - 1;
        prev = from - 1;
        checkMissed(this::catchUp);
    }

    /** Starts anew when too much has been missed, else goes on. */
    private void checkMissed(Runnable goOn) {
        phase = Phase.PLANNING;
        publishedAtStart = run.published;
        long next = position + 1;
        int beyond = limits.resetAfter() + 1 - run.ring.countFrom(next);
        if (beyond <= 0) {
            reset();
        } else if (next > run.ring.floor()) {
            goOn.run();
        } else {
            hub.when(
                    backfill.seqOfNewest(run.id, beyond, run.ring.floor() + 1),
                    seq -> {
                        if (phase == Phase.CLOSED) {
                            return;
                        }
                        if (seq >= next) {
                            reset();
                        } else {
                            goOn.run();
                        }
                    },
                    this::failed);
        }
    }

    private void reset() {
        page = List.of();
        startAtNewest(limits.resetTo(), seq -> {
            position = seq;
            prev = seq;
            viewer.send(Messages.reset(run.id, seq));
            catchUp();
        });
    }

    /** Finds the sequence number before the newest n records; -1 when there are no more than n. */
    private void startAtNewest(int n, Consumer<Long> then) {
        publishedAtStart = run.published;
        historyExhausted = false;
        int inRing = run.ring.size();
        if (!run.ring.isEmpty() && n == 0) {
            then.accept(run.ring.lastSeq());
        } else if (n > 0 && inRing >= n) {
            then.accept(run.ring.seqOfNewest(n) - 1);
        } else {
            // the record itself for n > 0; for 0 the newest one, which is not wanted any more
            int nth = n == 0 ? 1 : n - inRing;
            hub.when(
                    backfill.seqOfNewest(run.id, nth, run.ring.floor() + 1),
                    seq -> {
                        if (phase != Phase.CLOSED) {
                            then.accept(seq < 0 ? -1 : n == 0 ? seq : seq - 1);
                        }
                    },
                    this::failed);
        }
    }

    private void catchUp() {
        phase = Phase.CATCHING_UP;
        pump();
    }

    /** Sends what there is to send and the viewer can take. */
    void pump() {
        while (phase == Phase.LIVE && !conflated.isEmpty() && canSend()) {
            Conflation oldest = conflated.removeFirst();
            long seqTo = oldest.seqTo();
            send(oldest.drain(prev, hub.nowMs()), seqTo);
        }
        while (phase == Phase.CATCHING_UP && !reading) {
            if (!page.isEmpty()) {
                if (!canSend()) {
                    return;
                }
                sendFromPage();
            } else if (historyNeeded()) {
                if (!canSend()) {
                    return;
                }
                readPage();
            } else {
                List<IterationRecord> records = run.ring.after(position, limits.framePoints());
                if (records.isEmpty()) {
                    phase = Phase.LIVE;
                } else if (canSend()) {
                    sendCatchUp(run.chunk(records, 0));
                } else {
                    return;
                }
            }
        }
    }

    private boolean historyNeeded() {
        return run.ring.isEmpty() ? !historyExhausted : position < run.ring.floor();
    }

    private void readPage() {
        if (run.published - publishedAtStart > limits.resetAfter()) {
            checkMissed(this::catchUp);
            return;
        }
        reading = true;
        boolean ringWasEmpty = run.ring.isEmpty();
        long before = run.ring.floor() + 1;
        hub.when(
                backfill.range(run.id, position + 1, before, limits.pageRecords()),
                records -> {
                    reading = false;
                    if (phase == Phase.CLOSED) {
                        return;
                    }
                    boolean end = records.size() < limits.pageRecords();
                    long lastRead = records.isEmpty()
                            ? position
                            : records.get(records.size() - 1).seq();
                    historyExhausted = end && ringWasEmpty;
                    positionAfterPage = end && !ringWasEmpty ? Math.max(lastRead, before - 1) : lastRead;
                    page = records;
                    if (records.isEmpty()) {
                        position = positionAfterPage;
                    }
                    pump();
                },
                cause -> {
                    reading = false;
                    failed(cause);
                });
    }

    private void sendFromPage() {
        List<IterationRecord> chunk = run.chunk(page, 0);
        sendCatchUp(chunk);
        page = page.subList(chunk.size(), page.size());
        if (page.isEmpty()) {
            page = List.of();
            position = positionAfterPage;
        }
    }

    private void sendCatchUp(List<IterationRecord> chunk) {
        long seqTo = chunk.get(chunk.size() - 1).seq();
        send(PointsFrame.encode(run.head(Source.CATCHUP, chunk, prev, hub.nowMs()), chunk, request.metrics()), seqTo);
    }

    /**
     * New records at a tick.
     *
     * @param before the run's sequence number before the first of them
     * @param shared frames of exactly these records with exactly this predecessor, by metrics
     */
    void offer(List<IterationRecord> records, long before, Map<MetricSet, Buffer> shared, long nowMs) {
        if (phase != Phase.LIVE) {
            return;
        }
        int seen = 0;
        while (seen < records.size() && records.get(seen).seq() <= position) {
            seen++;
        }
        List<IterationRecord> unseen = records.subList(seen, records.size());
        if (unseen.isEmpty()) {
            return;
        }
        long seqTo = unseen.get(unseen.size() - 1).seq();
        if (!conflated.isEmpty() || !canSend()) {
            unseen.forEach(this::conflate);
            position = seqTo;
            pump();
        } else if (seen == 0 && prev == before) {
            send(
                    shared.computeIfAbsent(
                            request.metrics(),
                            metrics -> PointsFrame.encode(
                                    run.head(Source.LIVE, records, before, nowMs), records, metrics)),
                    seqTo);
        } else {
            send(PointsFrame.encode(run.head(Source.LIVE, unseen, prev, nowMs), unseen, request.metrics()), seqTo);
        }
    }

    private void conflate(IterationRecord record) {
        if (conflated.isEmpty() || !conflated.getLast().takes(record)) {
            conflated.addLast(new Conflation(request.metrics()));
        }
        conflated.getLast().add(record);
    }

    private boolean canSend() {
        return inFlight < limits.credit() && viewer.canTake();
    }

    private void send(Buffer frame, long seqTo) {
        inFlight++;
        position = Math.max(position, seqTo);
        prev = seqTo;
        viewer.send(frame);
    }

    /** The message that asked for it. */
    String request() {
        return text;
    }

    Viewer viewer() {
        return viewer;
    }
}
