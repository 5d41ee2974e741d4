package io.gradwatch.launcher.session;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;

/**
 * Ctrl-C, and the other ways to ask this process to end. The first time asks for a clean end, the second forces one.
 * Safe for any thread.
 */
public final class StopSignal {
    private final CompletableFuture<Void> requested = new CompletableFuture<>();
    private final CopyOnWriteArrayList<Runnable> forces = new CopyOnWriteArrayList<>();

    private StopSignal() {}

    /** Listens from now on, for the rest of the process's life. */
    public static StopSignal install() {
        StopSignal stop = new StopSignal();
        AtomicBoolean again = new AtomicBoolean();
        for (String name : new String[] {"INT", "TERM", "HUP"}) {
            try {
                Signal.handle(new Signal(name), signal -> {
                    if (again.getAndSet(true)) {
                        stop.forces.forEach(Runnable::run);
                        Runtime.getRuntime().halt(1);
                    }
                    stop.requested.complete(null);
                });
            } catch (IllegalArgumentException e) {
                // this system has no such signal, or something else listens to it
            }
        }
        return stop;
    }

    /** Completes when a clean end is asked for. */
    public CompletableFuture<Void> requested() {
        return requested;
    }

    /** Adds what ends a child by force. */
    public void onForce(Runnable kill) {
        forces.add(kill);
    }
}
