package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.access.Pass;
import io.gradwatch.telemetry.group.Route;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live stream in a group: what a viewer asks for goes to the owner of the run, and what the owners send goes to the viewer,
 * unchanged, so sequence numbers and credit are between the viewer and the owner. A subscription waits for as long as nobody can
 * be asked; when a run moves while it is followed the connection ends, and the viewer resumes by its sequence number, as after
 * any loss of the connection. For the event loop.
 */
final class LiveRelay {
    private static final Logger LOG = LoggerFactory.getLogger(LiveRelay.class);
    private static final String TARGET = "/api/v1/live";
    private static final String ALL = "*";
    private static final long LOOK_MS = 1_000;
    private static final long SLOW_MS = 30_000;
    private static final short GOING_AWAY = 1001;
    private static final short POLICY = 1008;
    private static final short RESTART = 1012;
    private static final List<String> STEERING = List.of("pause", "resume", "seek", "step", "speed", "range", "stop");

    private final Vertx vertx;
    private final Instances instances;
    private final Clock clock;
    private final Set<Viewer> viewers = new LinkedHashSet<>();

    LiveRelay(Vertx vertx, Instances instances, Clock clock) {
        this.vertx = vertx;
        this.instances = instances;
        this.clock = clock;
    }

    /** Takes a viewer in; {@code own} answers what is no WebSocket. */
    void upgrade(RoutingContext ctx, Handler<RoutingContext> own, BooleanSupplier stillWelcome) {
        if (!ctx.request().canUpgradeToWebSocket()) {
            own.handle(ctx);
            return;
        }
        Pass pass = new Pass(Guard.person(ctx), Guard.address(ctx.request()));
        ctx.request()
                .toWebSocket()
                .onSuccess(socket -> viewers.add(new Viewer(socket, pass, stillWelcome)))
                .onFailure(problem -> LOG.debug("a WebSocket handshake failed", problem));
    }

    /** Says goodbye to all. */
    void close() {
        List.copyOf(viewers).forEach(viewer -> viewer.end(GOING_AWAY, "the service stops"));
    }

    private final class Viewer {
        private final ServerWebSocket out;
        private final Pass pass;
        private final BooleanSupplier stillWelcome;
        private final Map<String, Inner> inners = new HashMap<>();
        /** By run: who was asked to tell of it. */
        private final Map<String, String> followed = new HashMap<>();
        /** By replay: who plays it. */
        private final Map<String, String> replays = new HashMap<>();
        /** What waits until somebody can be asked, by the first of its runs. */
        private final Map<String, String> waiting = new LinkedHashMap<>();

        private final long timer;
        private boolean all;
        private boolean over;
        private int named;
        private long fullSinceMs = -1;

        Viewer(ServerWebSocket out, Pass pass, BooleanSupplier stillWelcome) {
            this.out = out;
            this.pass = pass;
            this.stillWelcome = stillWelcome;
            this.timer = vertx.setPeriodic(LOOK_MS, id -> look());
            out.textMessageHandler(this::received);
            out.binaryMessageHandler(bytes -> received("a binary message"));
            out.drainHandler(v -> inners.values().forEach(Inner::resume));
            out.exceptionHandler(problem -> LOG.debug("a viewer's connection failed", problem));
            out.closeHandler(v -> gone());
        }

        private void received(String text) {
            JsonObject message;
            try {
                message = new JsonObject(text);
            } catch (RuntimeException e) {
                ownInner().send(text); // which says what is wrong with it
                return;
            }
            if (message.getValue("subscribe") instanceof String run) {
                subscribe(run, text);
            } else if (message.getValue("unsubscribe") instanceof String run) {
                unsubscribe(run, text);
            } else if (message.getValue("ack") instanceof String run) {
                to(message.getValue("replay") instanceof String id ? replays.get(id) : followed.get(run), text);
            } else if (message.getValue("replay") != null) {
                replay(message);
            } else {
                String steered = STEERING.stream()
                        .map(message::getValue)
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .findFirst()
                        .orElse("");
                String owner = replays.get(steered);
                (owner == null ? ownInner() : inner(owner)).send(text);
            }
        }

        private void subscribe(String run, String text) {
            if (run.equals(ALL)) {
                all = true;
                members().forEach(url -> inner(url).followAll());
                return;
            }
            Optional<String> owner = owner(run);
            if (owner.isEmpty() || !inner(owner.get()).isOpen()) {
                waiting.put(run, text);
                return;
            }
            waiting.remove(run);
            followed.put(run, owner.get());
            inner(owner.get()).send(text);
        }

        private void unsubscribe(String run, String text) {
            waiting.remove(run);
            if (run.equals(ALL)) {
                all = false;
                inners.values().forEach(one -> one.send(text));
            } else {
                to(followed.remove(run), text);
            }
        }

        private void replay(JsonObject message) {
            List<String> runs = new ArrayList<>();
            if (message.getValue("replay") instanceof JsonArray array) {
                array.forEach(run -> runs.add(String.valueOf(run)));
            } else {
                runs.add(String.valueOf(message.getValue("replay")));
            }
            Set<String> owners = new LinkedHashSet<>();
            for (String run : runs) {
                owners.add(owner(run).orElse(""));
            }
            if (owners.contains("") || owners.size() > 1) {
                out.writeTextMessage(refused(
                                message,
                                owners.contains("")
                                        ? new ApiProblem(
                                                503,
                                                "a run is with no service of the group at the moment; ask again in 2 s",
                                                "replay",
                                                null)
                                        : new ApiProblem(
                                                409,
                                                "these runs belong to different services of the group, which cannot play"
                                                        + " them in step; accepted are a replay for each, or runs of one"
                                                        + " service",
                                                "replay",
                                                "a replay for each run"))
                        .encode());
                return;
            }
            String owner = owners.iterator().next();
            if (!(message.getValue("id") instanceof String)) {
                message.put("id", "replay-" + ++named); // two owners would choose the same
            }
            replays.put(message.getString("id"), owner);
            inner(owner).send(message.encode());
        }

        private JsonObject refused(JsonObject message, ApiProblem problem) {
            return new JsonObject()
                    .put("type", "error")
                    .put("problem", problem.toJson())
                    .put("request", message);
        }

        private void to(@Nullable String url, String text) {
            if (url != null) {
                inner(url).send(text);
            }
        }

        private Optional<String> owner(String run) {
            Route route = instances.ownership().route(run);
            return route instanceof Route.Here
                    ? Optional.of(instances.url())
                    : route instanceof Route.There there
                            ? Optional.of(there.owner().url())
                            : Optional.empty();
        }

        private Set<String> members() {
            Set<String> urls = new LinkedHashSet<>();
            urls.add(instances.url());
            instances.ownership().view().members().forEach(member -> urls.add(member.url()));
            return urls;
        }

        private Inner ownInner() {
            return inner(instances.url());
        }

        private Inner inner(String url) {
            return inners.computeIfAbsent(url, u -> new Inner(this, u));
        }

        /** Once a second. */
        private void look() {
            if (!stillWelcome.getAsBoolean()) {
                end(POLICY, "your access has ended");
                return;
            }
            long now = clock.millis();
            if (!out.writeQueueFull()) {
                fullSinceMs = -1;
                out.writeTextMessage(new JsonObject()
                        .put("type", "heartbeat")
                        .put("now", now)
                        .encode());
            } else if (fullSinceMs < 0) {
                fullSinceMs = now;
            } else if (now - fullSinceMs > SLOW_MS) {
                end(GOING_AWAY, "too slow");
                return;
            }
            for (Map.Entry<String, String> one : followed.entrySet()) {
                if (!owner(one.getKey()).equals(Optional.of(one.getValue()))) {
                    end(RESTART, "run " + one.getKey() + " moves to another service");
                    return;
                }
            }
            inners.values().removeIf(one -> one.failed);
            retry();
            if (all) {
                members().forEach(url -> inner(url).followAll());
            }
        }

        private void retry() {
            Map.copyOf(waiting).forEach(this::subscribe);
        }

        /** An owner has gone, or cannot be reached. */
        private void lost(Inner inner) {
            if (!over && (followed.containsValue(inner.url) || replays.containsValue(inner.url))) {
                end(RESTART, "the service that owned what you follow does not answer");
            }
        }

        void end(short code, String reason) {
            if (!over) {
                var unused = out.close(code, reason);
                gone();
            }
        }

        private void gone() {
            if (!over) {
                over = true;
                vertx.cancelTimer(timer);
                viewers.remove(this);
                inners.values().forEach(Inner::close);
            }
        }
    }

    /** A viewer's connection to one service. */
    private final class Inner {
        private final Viewer viewer;
        private final String url;
        private final List<String> unsent = new ArrayList<>();
        private @Nullable WebSocket socket;
        private boolean failed;
        private boolean followsAll;

        Inner(Viewer viewer, String url) {
            this.viewer = viewer;
            this.url = url;
            instances.live(viewer.pass, url, TARGET).onSuccess(this::opened).onFailure(problem -> {
                LOG.info("{} does not take a live connection: {}", url, problem.toString());
                failed = true;
                viewer.lost(this);
            });
        }

        private void opened(WebSocket opened) {
            if (viewer.over) {
                var unused = opened.close();
                return;
            }
            socket = opened;
            opened.textMessageHandler(text -> {
                if (!text.startsWith("{\"type\":\"heartbeat\"")) {
                    forward(() -> viewer.out.writeTextMessage(text));
                }
            });
            opened.binaryMessageHandler(frame -> forward(() -> viewer.out.writeBinaryMessage(frame)));
            opened.exceptionHandler(problem -> LOG.debug("The live connection to {} failed", url, problem));
            opened.closeHandler(v -> {
                failed = true;
                viewer.lost(this);
            });
            unsent.forEach(opened::writeTextMessage);
            unsent.clear();
            viewer.retry();
        }

        private void forward(Runnable write) {
            if (!viewer.over && !viewer.out.isClosed()) {
                write.run();
                if (viewer.out.writeQueueFull()) {
                    viewer.inners.values().forEach(Inner::pause);
                }
            }
        }

        boolean isOpen() {
            return socket != null && !failed;
        }

        void followAll() {
            if (!followsAll) {
                followsAll = true;
                send(new JsonObject().put("subscribe", ALL).encode());
            }
        }

        void send(String text) {
            WebSocket open = socket;
            if (open == null) {
                unsent.add(text);
            } else if (!open.isClosed()) {
                var unused = open.writeTextMessage(text);
            }
        }

        void pause() {
            WebSocket open = socket;
            if (open != null && !open.isClosed()) {
                open.pause();
            }
        }

        void resume() {
            WebSocket open = socket;
            if (open != null && !open.isClosed()) {
                open.resume();
            }
        }

        void close() {
            WebSocket open = socket;
            if (open != null && !open.isClosed()) {
                var unused = open.close();
            }
        }
    }
}
