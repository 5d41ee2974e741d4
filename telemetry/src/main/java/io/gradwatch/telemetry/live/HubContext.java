package io.gradwatch.telemetry.live;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.function.Consumer;

/** The one thread that owns the hub's state, and its clock. */
final class HubContext {
    private final Vertx vertx;
    private final Context context;
    private final Clock clock;
    private volatile boolean closed;
    private volatile Thread thread = new Thread();

    HubContext(Vertx vertx, Clock clock) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.clock = clock;
        if (!context.isEventLoopContext()) {
            throw new IllegalArgumentException("the hub needs an event loop context, not a worker's");
        }
        context.runOnContext(v -> thread = Thread.currentThread());
    }

    /** Runs on the hub's thread: at once when the caller is on it, else soon, in the order of the calls. */
    void run(Runnable task) {
        if (Thread.currentThread() == thread) {
            task.run();
        } else {
            context.runOnContext(v -> task.run());
        }
    }

    /** Hands a future's outcome to the hub's thread. */
    <T> void when(Future<T> future, Consumer<T> success, Consumer<Throwable> failure) {
        future.onComplete(result -> run(() -> {
            if (result.succeeded()) {
                success.accept(result.result());
            } else {
                failure.accept(result.cause());
            }
        }));
    }

    /** Runs once, on the hub's thread. */
    void after(long delayMs, Runnable task) {
        vertx.setTimer(
                Math.max(1, delayMs),
                id -> run(() -> {
                    if (!closed) {
                        task.run();
                    }
                }));
    }

    /** Runs again and again on the hub's thread; the timer's id. */
    long every(long periodMs, Runnable task) {
        return vertx.setPeriodic(periodMs, id -> run(task));
    }

    void cancel(long timer) {
        vertx.cancelTimer(timer);
    }

    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    long nowMs() {
        return clock.millis();
    }

    /** For durations, milliseconds. */
    long tickingMs() {
        return System.nanoTime() / 1_000_000;
    }
}
