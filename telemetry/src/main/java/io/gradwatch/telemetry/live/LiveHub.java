package io.gradwatch.telemetry.live;

import io.gradwatch.telemetry.stream.IterationRecord;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything live: takes what ingest has read and hands it to all viewers. Every public method may be called from any
 * thread and returns at once.
 *
 * <p>To mount it: {@code vertx.createHttpServer(LiveHub.configure(new HttpServerOptions()))} and {@code
 * router.get("/api/v1/live").handler(ctx -> hub.upgrade(ctx.request()))}, before any handler that reads bodies. Create the
 * hub on the event loop of the verticle that owns the HTTP server: then no hand-over between threads is needed.
 */
public final class LiveHub {
    /** Newest records of every run that are kept in memory. */
    public static final int RING_RECORDS = 1024;

    /** After so long without a record and without a viewer a run's records leave the memory. */
    public static final int IDLE_SECONDS = 60;

    /** Largest message that a client may send, bytes; a larger one closes its connection. */
    public static final int REQUEST_BYTES = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(LiveHub.class);
    private static final long HEARTBEAT_MS = 1000;
    private static final int GOING_AWAY = 1001;
    private static final int POLICY = 1008;
    private static final long GOODBYE_MS = 1000;

    private final Backfill backfill;
    private final Predicate<HttpServerRequest> allowed;
    private final Limits limits;
    private final ReplayLimits replayLimits;
    private final HubContext context;
    private final Map<String, LiveRun> runs = new HashMap<>();
    private final Set<Viewer> viewers = new LinkedHashSet<>();
    private final LongConsumer frameAges;
    private final AtomicInteger open = new AtomicInteger();
    private final long heartbeat;
    private int replayedRuns;

    /**
     * A hub that serves requests of its own pages and of clients that are no browsers; others are answered with 403.
     *
     * @param frameAges told how old the newest point of each tick was, in ms by its trainer's stamp, when it went to viewers;
     *     negative when that clock is ahead. Called on the hub's context, must not block
     */
    public LiveHub(Vertx vertx, Backfill backfill, LongConsumer frameAges) {
        this(vertx, backfill, Origins::isOwn, Limits.STANDARD, ReplayLimits.STANDARD, frameAges, Clock.systemUTC());
    }

    LiveHub(
            Vertx vertx,
            Backfill backfill,
            Predicate<HttpServerRequest> allowed,
            Limits limits,
            ReplayLimits replayLimits,
            LongConsumer frameAges,
            Clock clock) {
        this.frameAges = frameAges;
        this.replayLimits = replayLimits;
        this.backfill = backfill;
        this.allowed = allowed;
        this.limits = limits;
        this.context = new HubContext(vertx, clock);
        this.heartbeat = context.every(HEARTBEAT_MS, this::everySecond);
    }

    /** Sets what the hub needs of the HTTP server: no WebSocket compression, limits on what clients may send. */
    public static HttpServerOptions configure(HttpServerOptions options) {
        return options.setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setMaxWebSocketFrameSize(REQUEST_BYTES)
                .setMaxWebSocketMessageSize(REQUEST_BYTES);
    }

    /** Makes the request a WebSocket and serves it until it is closed; answers problem+json when that cannot be. */
    public void upgrade(HttpServerRequest request) {
        upgrade(request, () -> true);
    }

    /**
     * The same for a viewer who may be shut out later on.
     *
     * @param stillWelcome asked once a second; must not block
     */
    public void upgrade(HttpServerRequest request, BooleanSupplier stillWelcome) {
        if (!allowed.test(request)) {
            Origins.refuse(request);
        } else if (!request.canUpgradeToWebSocket()) {
            Origins.upgradeRequired(request);
        } else {
            Channel channel = Connection.channelOf(request.connection());
            request.toWebSocket()
                    .onSuccess(socket -> accept(socket, channel, stillWelcome))
                    .onFailure(e -> LOG.debug("a WebSocket handshake failed remote={}", request.remoteAddress(), e));
        }
    }

    private void accept(ServerWebSocket socket, @Nullable Channel channel, BooleanSupplier stillWelcome) {
        Connection connection = new Connection(socket, channel);
        Viewer viewer = new Viewer(connection, this, limits, stillWelcome);
        socket.textMessageHandler(text -> context.run(() -> viewer.received(text)));
        socket.binaryMessageHandler(bytes -> context.run(() -> viewer.received("a binary message")));
        socket.drainHandler(v -> context.run(viewer::drained));
        socket.exceptionHandler(e -> LOG.debug("a WebSocket failed remote={}", socket.remoteAddress(), e));
        socket.closeHandler(v -> context.run(() -> {
            viewer.closed();
            viewers.remove(viewer);
            open.set(viewers.size());
        }));
        context.run(() -> {
            if (context.isClosed()) {
                viewer.close(GOING_AWAY, "the service stops");
            } else if (!connection.isClosed()) {
                viewers.add(viewer);
                open.set(viewers.size());
            }
        });
    }

    /**
     * New records, in the order of the log for every run. A record that its run has already seen (by {@code seq}) is
     * skipped, so a batch may be published again after a failure.
     */
    public void publish(List<IterationRecord> records) {
        List<IterationRecord> batch = List.copyOf(records);
        context.run(() -> {
            Set<LiveRun> changed = new LinkedHashSet<>();
            for (IterationRecord record : batch) {
                LiveRun run = run(record.runId());
                if (run.add(record)) {
                    changed.add(run);
                }
            }
            for (LiveRun run : changed) {
                run.lastActiveMs = context.tickingMs();
                scheduleTick(run);
            }
        });
    }

    private void scheduleTick(LiveRun run) {
        if (run.tickDue || !run.hasFresh()) {
            return;
        }
        long wait = run.lastTickMs + limits.tickMs() - context.tickingMs();
        if (wait <= 0) {
            tick(run);
        } else {
            run.tickDue = true;
            context.after(wait, () -> tick(run));
        }
    }

    private void tick(LiveRun run) {
        run.tickDue = false;
        run.lastTickMs = context.tickingMs();
        long now = context.nowMs();
        run.tick(now).ifPresent(producedAtMs -> frameAges.accept(now - producedAtMs));
    }

    /**
     * The run changed: goes to its viewers and to those of all runs, at most once a second for a run; of several changes
     * within a second the newest. Call it as often as convenient.
     *
     * @param run as {@code GET /runs/{id}}; must not be changed afterwards
     */
    public void runChanged(String runId, JsonObject run) {
        context.run(() -> {
            LiveRun known = run(runId);
            known.news = run;
            known.lastActiveMs = context.tickingMs();
            if (!known.newsDue) {
                long wait = known.lastNewsMs + limits.newsMs() - context.tickingMs();
                if (wait <= 0) {
                    tellNews(known);
                } else {
                    known.newsDue = true;
                    context.after(wait, () -> tellNews(known));
                }
            }
        });
    }

    private void tellNews(LiveRun run) {
        JsonObject news = run.news;
        run.newsDue = false;
        run.news = null;
        if (news == null) {
            return;
        }
        run.lastNewsMs = context.tickingMs();
        List<Viewer> interested = interested(run, true);
        if (!interested.isEmpty()) {
            String text = Messages.run(news);
            interested.forEach(viewer -> viewer.sendNews(run.id, text));
        }
    }

    /**
     * An epoch ended: goes to the viewers of the run.
     *
     * @param epoch an item of {@code GET /runs/{id}/epochs}; must not be changed afterwards
     */
    public void epoch(String runId, JsonObject epoch) {
        context.run(() -> {
            LiveRun run = runs.get(runId);
            if (run != null && !run.subscriptions.isEmpty()) {
                String text = Messages.epoch(runId, epoch);
                interested(run, false).forEach(viewer -> viewer.send(text));
            }
        });
    }

    /**
     * An alert changed its state: goes to the viewers of the run and to those of all runs.
     *
     * @param alert an item of {@code GET /alerts}; must not be changed afterwards
     */
    public void alert(String runId, JsonObject alert) {
        context.run(() -> {
            String text = Messages.alert(alert);
            interested(run(runId), true).forEach(viewer -> viewer.send(text));
        });
    }

    /**
     * A command was sent to a run, or answered: goes to the viewers of the run.
     *
     * @param command an item of {@code GET /runs/{id}/commands}; must not be changed afterwards
     */
    public void command(String runId, JsonObject command) {
        context.run(() -> {
            LiveRun run = runs.get(runId);
            if (run != null && !run.subscriptions.isEmpty()) {
                String text = Messages.command(command);
                interested(run, false).forEach(viewer -> viewer.send(text));
            }
        });
    }

    /**
     * A run was deleted: goes to the viewers of the run, whose subscriptions end with it, and to those of all runs. Changes
     * of it that have not been told yet are not told any more.
     */
    public void runDeleted(String runId) {
        context.run(() -> {
            LiveRun run = run(runId);
            run.news = null;
            String text = Messages.deleted(runId);
            interested(run, true).forEach(viewer -> viewer.sendDeleted(runId, text));
            runs.remove(runId, run);
        });
    }

    private List<Viewer> interested(LiveRun run, boolean everyone) {
        Set<Viewer> interested = new LinkedHashSet<>();
        run.subscriptions.forEach(s -> interested.add(s.viewer()));
        if (everyone) {
            viewers.stream().filter(Viewer::followsAll).forEach(interested::add);
        }
        return new ArrayList<>(interested);
    }

    /** Open connections. */
    public int viewers() {
        return open.get();
    }

    /**
     * Closes all connections (code 1001, going away; those that do not answer within a second are cut) and stops all
     * timers. The hub serves nobody afterwards.
     */
    public Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.run(() -> {
            context.cancel(heartbeat);
            viewers.forEach(viewer -> viewer.close(GOING_AWAY, "the service stops"));
            awaitGoodbyes(context.tickingMs() + GOODBYE_MS, done);
        });
        return done.future();
    }

    private void awaitGoodbyes(long untilMs, Promise<Void> done) {
        if (!viewers.isEmpty() && context.tickingMs() < untilMs) {
            context.after(20, () -> awaitGoodbyes(untilMs, done));
            return;
        }
        List.copyOf(viewers).forEach(Viewer::cut);
        context.close();
        done.complete();
    }

    Subscription subscribe(Viewer viewer, Request.Subscribe request, String text) {
        LiveRun run = run(request.run());
        Subscription subscription = new Subscription(viewer, run, request, text, backfill, limits, context);
        run.subscriptions.add(subscription);
        return subscription;
    }

    void unsubscribe(Subscription subscription) {
        LiveRun run = subscription.run();
        run.subscriptions.remove(subscription);
        run.lastActiveMs = context.tickingMs();
        if (run.ring.isEmpty() && run.subscriptions.isEmpty() && !run.newsDue) {
            runs.remove(run.id, run);
        }
    }

    ReplayLimits replayLimits() {
        return replayLimits;
    }

    /** Runs that all replays together play. */
    int replayedRuns() {
        return replayedRuns;
    }

    Replay replay(Viewer viewer, String id, ReplayRequest.Start request, String text) {
        replayedRuns += request.runs().size();
        return new Replay(viewer, id, request, text, backfill, limits, replayLimits, context);
    }

    void ended(Replay replay) {
        replayedRuns -= replay.runs();
        replay.close();
    }

    private LiveRun run(String id) {
        return runs.computeIfAbsent(id, i -> {
            LiveRun run = new LiveRun(i, limits);
            run.lastActiveMs = context.tickingMs();
            return run;
        });
    }

    private void everySecond() {
        String text = Messages.heartbeat(context.nowMs());
        long now = context.tickingMs();
        for (Viewer viewer : List.copyOf(viewers)) {
            if (viewer.isWelcome()) {
                viewer.heartbeat(text, now);
            } else {
                viewer.close(POLICY, "your access has ended");
            }
        }
        forgetIdleRuns(now);
    }

    private void forgetIdleRuns(long now) {
        runs.values()
                .removeIf(run -> run.subscriptions.isEmpty()
                        && !run.newsDue
                        && !run.tickDue
                        && now - run.lastActiveMs > limits.idleMs());
        List<LiveRun> quiet = runs.values().stream()
                .filter(run -> run.subscriptions.isEmpty() && run.ring.size() > limits.quietRingRecords())
                .sorted(Comparator.comparingLong((LiveRun run) -> run.lastActiveMs)
                        .reversed())
                .toList();
        quiet.stream().skip(limits.quietRings()).forEach(run -> run.ring.trim(limits.quietRingRecords()));
    }
}
