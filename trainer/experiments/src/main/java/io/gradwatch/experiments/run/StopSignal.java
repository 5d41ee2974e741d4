package io.gradwatch.experiments.run;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Asks a run to end after its present step. Safe for any thread. */
public final class StopSignal {
    private final AtomicReference<@Nullable String> reason = new AtomicReference<>();

    /** Asks for the end; the first reason counts. */
    public void request(String because) {
        reason.compareAndSet(null, because);
    }

    /** The reason, if the end has been asked for. */
    public Optional<String> requested() {
        return Optional.ofNullable(reason.get());
    }
}
