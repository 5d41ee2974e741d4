package io.gradwatch.telemetry.live;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One connection: what it follows, and what waits because it takes nothing just now. All on the hub's context. */
final class Viewer {
    private final Connection connection;
    private final LiveHub hub;
    private final Limits limits;
    private final BooleanSupplier stillWelcome;
    private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();
    private final ViewerReplays replays;
    /** Newest {@code run} message of each run that could not be sent. */
    private final Map<String, String> waitingNews = new LinkedHashMap<>();

    private boolean all;
    private boolean closed;
    private long fullSinceMs = -1;

    Viewer(Connection connection, LiveHub hub, Limits limits, BooleanSupplier stillWelcome) {
        this.stillWelcome = stillWelcome;
        this.connection = connection;
        this.hub = hub;
        this.limits = limits;
        this.replays = new ViewerReplays(this, hub);
    }

    boolean isWelcome() {
        return stillWelcome.getAsBoolean();
    }

    boolean followsAll() {
        return all;
    }

    /** A text message has come. */
    void received(String text) {
        if (closed) {
            return;
        }
        Request request = Request.parse(text);
        if (request instanceof Request.Ack ack) {
            acknowledged(ack);
        } else if (request instanceof ReplayRequest replay) {
            replays.received(replay, text);
        } else if (request instanceof Request.Subscribe subscribe) {
            subscribe(subscribe, text);
        } else if (request instanceof Request.SubscribeAll) {
            all = true;
        } else if (request instanceof Request.Unsubscribe unsubscribe) {
            if (unsubscribe.run().equals(Request.ALL)) {
                all = false;
            } else {
                drop(subscriptions.remove(unsubscribe.run()));
            }
        } else if (request instanceof Request.Refused refused) {
            send(Messages.error(refused.problem(), asSent(text)));
        }
        if (!connection.canTake()) {
            connection.pause(); // answers that are not taken are not asked for
        }
    }

    private void acknowledged(Request.Ack ack) {
        Subscription subscription = subscriptions.get(ack.run());
        if (!ack.replay().isEmpty()) {
            replays.acknowledged(ack);
        } else if (subscription != null) {
            subscription.acknowledged();
        }
    }

    private void subscribe(Request.Subscribe request, String text) {
        if (!subscriptions.containsKey(request.run()) && subscriptions.size() >= limits.subscriptions()) {
            send(Messages.error(
                    Problem.badRequest(
                            "subscribe",
                            "this connection follows " + subscriptions.size() + " runs already",
                            "up to " + limits.subscriptions() + " runs; unsubscribe from one first"),
                    asSent(text)));
            return;
        }
        drop(subscriptions.remove(request.run()));
        Subscription subscription = hub.subscribe(this, request, text);
        subscriptions.put(request.run(), subscription);
        subscription.start();
    }

    /** Ends a subscription that cannot go on. */
    void refuse(Subscription subscription, Problem problem) {
        subscriptions.remove(subscription.run().id, subscription);
        drop(subscription);
        send(Messages.error(problem, asSent(subscription.request())));
    }

    /** Says no to a message. */
    void refuse(Problem problem, String text) {
        send(Messages.error(problem, asSent(text)));
    }

    /** Ends a replay that cannot go on. */
    void refuse(Replay replay, Problem problem) {
        replays.stop(replay);
        refuse(problem, replay.text());
    }

    /** Ends a replay. */
    void stop(Replay replay) {
        replays.stop(replay);
    }

    private void drop(@Nullable Subscription subscription) {
        if (subscription != null) {
            subscription.close();
            hub.unsubscribe(subscription);
        }
    }

    boolean canTake() {
        return !closed && connection.canTake();
    }

    void send(Buffer frame) {
        if (!closed) {
            connection.send(frame);
        }
    }

    void send(String text) {
        if (!closed) {
            connection.send(text);
        }
    }

    /** A {@code run} message: when the viewer takes nothing just now, the newest of each run waits. */
    void sendNews(String run, String text) {
        if (canTake() && waitingNews.isEmpty()) {
            send(text);
        } else {
            waitingNews.put(run, text);
        }
    }

    /** A {@code deleted} message: the last that is told of the run; what waits of it is not sent any more. */
    void sendDeleted(String run, String text) {
        waitingNews.remove(run);
        drop(subscriptions.remove(run));
        send(text);
    }

    /** Once a second. A viewer that takes nothing for long is cut off; it may come back and resume. */
    void heartbeat(String text, long nowMs) {
        if (canTake()) {
            fullSinceMs = -1;
            drained();
            send(text);
        } else if (fullSinceMs < 0) {
            fullSinceMs = nowMs;
        } else if (nowMs - fullSinceMs > limits.slowCloseMs()) {
            connection.cut();
        }
    }

    /** The connection takes data again. */
    void drained() {
        if (closed) {
            return;
        }
        connection.resume();
        List<String> news = new ArrayList<>(waitingNews.values());
        waitingNews.clear();
        news.forEach(this::send);
        List.copyOf(subscriptions.values()).forEach(Subscription::pump);
        replays.pump();
    }

    /** Says goodbye. */
    void close(int code, String reason) {
        connection.close(code, reason);
    }

    /** Ends the connection without waiting for the other side. */
    void cut() {
        connection.cut();
    }

    /** The connection is gone. */
    void closed() {
        closed = true;
        subscriptions.values().forEach(this::drop);
        subscriptions.clear();
        replays.close();
        waitingNews.clear();
    }

    private static Object asSent(String text) {
        if (text.length() <= 2000) {
            try {
                return new JsonObject(text);
            } catch (DecodeException | ClassCastException e) {
                return Problem.shortened(text);
            }
        }
        return Problem.shortened(text);
    }
}
