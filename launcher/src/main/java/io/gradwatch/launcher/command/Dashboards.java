package io.gradwatch.launcher.command;

import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.session.Backend;
import io.gradwatch.launcher.session.StopSignal;
import io.gradwatch.launcher.session.TrainerProcess;
import io.gradwatch.launcher.twin.Twins;
import java.util.concurrent.CompletableFuture;

/** What the commands that run a backend have in common. */
final class Dashboards {
    private Dashboards() {}

    /**
     * Waits for the dashboard.
     *
     * @return false when the user asked to stop before it answered
     * @throws io.gradwatch.launcher.terminal.Problem it cannot be started
     */
    static boolean await(Backend backend, StopSignal stop, CompletableFuture<?>... others) {
        CompletableFuture<Void> ready = backend.ready();
        CompletableFuture<?> first = CompletableFuture.anyOf(others);
        CompletableFuture.anyOf(
                        ready,
                        backend.failed(),
                        stop.requested(),
                        others.length == 0 ? new CompletableFuture<>() : first)
                .join();
        throwIfFailed(backend);
        return ready.isDone();
    }

    /** Starts trainers that the dashboard asks for, from now on. */
    static Twins twins(Context context, String name, DataDirectory directory, Backend backend) {
        return Twins.listen(
                name,
                () -> new TrainerProcess(context.trainer(), directory, context.environment(), false),
                directory,
                backend.kafka(),
                context.terminal(),
                PassedThrough.GRACE);
    }

    static void throwIfFailed(Backend backend) {
        if (backend.failed().isDone()) {
            throw backend.failed().join();
        }
    }
}
