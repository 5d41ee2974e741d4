package io.gradwatch.experiments.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs a task on numbered tiles with a fixed number of threads, the caller among them.
 *
 * <p>Which thread takes which tile is left to chance, so that a thread that the operating system holds up delays
 * nobody. A task must therefore keep its results by tile, not by thread: then they are the same for any number of
 * threads.
 */
final class TileWorkers {
    /** Work on one tile; called at most once for each, on any thread. */
    interface TileTask {
        void run(int tile);
    }

    /** About 20 microseconds: jobs come in pairs, and to wake a sleeping thread takes longer. */
    private static final int IDLE_SPINS = 1000;

    private static volatile TileWorkers shared = new TileWorkers(defaultThreads());

    private final List<Thread> helpers = new ArrayList<>();
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile @Nullable Job current;
    private volatile boolean closed;

    TileWorkers(int threads) {
        for (int i = 1; i < threads; i++) {
            Thread helper = new Thread(this::help, "gradwatch-layers-" + i);
            helper.setDaemon(true);
            helper.start();
            helpers.add(helper);
        }
    }

    /** The workers of this process. */
    static TileWorkers shared() {
        return shared;
    }

    /** Replaces the workers of this process, unless they already are that many. */
    static synchronized void shareAmong(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads " + threads + ": accepted are 1 and more");
        }
        TileWorkers old = shared;
        if (old.threads() != threads) {
            shared = new TileWorkers(threads);
            old.close();
        }
    }

    int threads() {
        return helpers.size() + 1;
    }

    /**
     * Runs the task on tiles 0 to {@code tiles - 1} and returns when all are done. If another thread is using the
     * helpers, the caller does it alone.
     *
     * @throws IllegalStateException with the first failure of a tile as its cause
     */
    void forEach(int tiles, TileTask task) {
        if (tiles < 2 || helpers.isEmpty() || !busy.compareAndSet(false, true)) {
            for (int tile = 0; tile < tiles; tile++) {
                task.run(tile);
            }
            return;
        }
        try {
            Job job = new Job(tiles, task);
            current = job;
            for (int i = 0; i < helpers.size() && i < tiles - 1; i++) {
                LockSupport.unpark(helpers.get(i));
            }
            job.work();
            job.await();
        } finally {
            current = null;
            busy.set(false);
        }
    }

    /** Ends the helpers; a call of {@link #forEach} under way is completed by its caller. */
    void close() {
        closed = true;
        helpers.forEach(LockSupport::unpark);
    }

    private void help() {
        int idle = 0;
        while (!closed) {
            Job job = current;
            if (job != null && job.work()) {
                idle = 0;
            } else if (idle++ < IDLE_SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
    }

    private static int defaultThreads() {
        String wanted = System.getenv("OMP_NUM_THREADS");
        return wanted != null && wanted.matches("[1-9][0-9]{0,3}")
                ? Integer.parseInt(wanted)
                : Runtime.getRuntime().availableProcessors();
    }

    private static final class Job {
        private static final int SPINS = 2000;

        private final int tiles;
        private final TileTask task;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Job(int tiles, TileTask task) {
            this.tiles = tiles;
            this.task = task;
        }

        /** Takes tiles until none is left; false if none was left. */
        boolean work() {
            int first = next.getAndIncrement();
            for (int tile = first; tile < tiles; tile = next.getAndIncrement()) {
                try {
                    task.run(tile);
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                } finally {
                    done.incrementAndGet();
                }
            }
            return first < tiles;
        }

        /** Waits for tiles that other threads have taken: a short time, so it does not sleep. */
        void await() {
            for (int spins = 0; done.get() < tiles; spins++) {
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
            Throwable cause = failure.get();
            if (cause != null) {
                throw new IllegalStateException("a tile failed", cause);
            }
        }
    }
}
