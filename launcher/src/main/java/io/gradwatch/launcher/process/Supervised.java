package io.gradwatch.launcher.process;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A child that is started again when it dies. One that refuses its arguments (exit code 2) or dies before it was ever
 * ready is not: it would only do so again.
 */
public final class Supervised {
    private static final int REFUSED = 2;

    /** How the child is started and when it is ready. */
    public interface Start {
        /** Starts the child; called on the supervisor's thread, for the first start too. */
        ChildProcess start() throws IOException;

        /**
         * Waits until the child does its work. Returns also when it has ended.
         *
         * @throws InterruptedException the supervisor stops
         */
        void awaitReady(ChildProcess child) throws InterruptedException;
    }

    /** What is told of the child, on the supervisor's thread. */
    public interface Events {
        /** It has ended though nobody asked it to. */
        void died(int exitCode, Duration untilRestart);

        /** It works again. */
        void recovered(Duration outage);
    }

    private final Start start;
    private final Events events;
    private final Backoff backoff;
    private final Thread thread;
    private final CompletableFuture<ChildProcess> ready = new CompletableFuture<>();
    private final CompletableFuture<Exception> gaveUp = new CompletableFuture<>();
    private final Object lock = new Object();
    private @Nullable ChildProcess child; // guarded by lock
    private boolean stopping; // guarded by lock

    private Supervised(String name, Start start, Events events, Backoff backoff) {
        this.start = start;
        this.events = events;
        this.backoff = backoff;
        thread = new Thread(this::run, name + " supervisor");
        thread.setDaemon(true);
    }

    /** Starts a child on a thread of its own, and returns at once. */
    public static Supervised start(String name, Start start, Events events, Backoff backoff) {
        Supervised supervised = new Supervised(name, start, events, backoff);
        supervised.thread.start();
        return supervised;
    }

    /**
     * Completes when the child is ready for the first time; never, if it ends before that: see {@link #gaveUp}.
     */
    public CompletableFuture<ChildProcess> ready() {
        return ready;
    }

    /**
     * Completes when the child will not be started again though nobody stopped it: with {@link EndedException}, or with
     * the {@link IOException} of its start.
     */
    public CompletableFuture<Exception> gaveUp() {
        return gaveUp;
    }

    /** The running child; null before its start, between a death and the restart, and after the end. */
    public @Nullable ChildProcess child() {
        synchronized (lock) {
            return child != null && child.isAlive() ? child : null;
        }
    }

    /**
     * Stops the child as {@link ChildProcess#stop} does, for good. When this returns, it has ended.
     *
     * @return the last child's exit code; -1 when none was ever started
     */
    public int stop(Duration grace) {
        ChildProcess last;
        synchronized (lock) {
            stopping = true;
            last = child;
        }
        thread.interrupt();
        if (last == null) {
            return -1;
        }
        last.stop(grace);
        return last.exit().join();
    }

    /** Ends the child by force, for good. */
    public void kill() {
        synchronized (lock) {
            stopping = true;
            if (child != null) {
                child.kill();
            }
        }
    }

    private void run() {
        int deaths = 0;
        long diedNanos = 0;
        try {
            while (true) {
                ChildProcess current;
                synchronized (lock) {
                    if (stopping) {
                        return;
                    }
                    current = start.start();
                    child = current;
                }
                long startedNanos = System.nanoTime();
                start.awaitReady(current);
                if (current.isAlive()) {
                    if (ready.complete(current)) {
                        deaths = 0;
                    } else {
                        events.recovered(Duration.ofNanos(System.nanoTime() - diedNanos));
                    }
                }
                int exitCode = current.exit().join();
                current.awaitOutput();
                diedNanos = System.nanoTime();
                synchronized (lock) {
                    if (stopping) {
                        return;
                    }
                }
                if (exitCode == REFUSED || !ready.isDone()) {
                    giveUp(new EndedException(exitCode, current.lastErrors()));
                    return;
                }
                boolean wasHealthy = Duration.ofNanos(diedNanos - startedNanos).compareTo(backoff.healthyAfter()) >= 0;
                deaths = wasHealthy ? 1 : deaths + 1;
                Duration wait = backoff.before(deaths);
                events.died(exitCode, wait);
                Thread.sleep(wait.toMillis());
            }
        } catch (IOException e) {
            giveUp(e);
        } catch (InterruptedException e) {
            // stop() ends the child
        }
    }

    private void giveUp(Exception reason) {
        gaveUp.complete(reason);
    }
}
