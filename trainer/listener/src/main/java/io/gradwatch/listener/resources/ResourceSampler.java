package io.gradwatch.listener.resources;

import io.gradwatch.contract.v1.Resources;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Samples at a steady rate on a daemon thread of its own. Any thread may call any method. */
public final class ResourceSampler implements AutoCloseable {
    private final Source source;
    private final long periodMillis;
    private final Consumer<Throwable> failures;
    private final AtomicReference<@Nullable Resources> newest = new AtomicReference<>();
    private final Thread thread;

    /** Where samples come from: called by one thread only. */
    public interface Source extends AutoCloseable {
        /** The figures since the last call, or of this moment. */
        Resources sample();

        @Override
        void close();
    }

    /**
     * Starts sampling; the first sample comes after one period.
     *
     * @param source closed with the sampler
     * @param period from one sample to the next
     * @param failures told of a sample that failed; sampling goes on
     */
    public static ResourceSampler start(Source source, Duration period, Consumer<Throwable> failures) {
        ResourceSampler sampler = new ResourceSampler(source, period.toMillis(), failures);
        sampler.thread.start();
        return sampler;
    }

    private ResourceSampler(Source source, long periodMillis, Consumer<Throwable> failures) {
        this.source = source;
        this.periodMillis = periodMillis;
        this.failures = failures;
        this.thread = new Thread(this::run, "gradwatch-resources");
        thread.setDaemon(true);
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(periodMillis);
                try {
                    newest.set(source.sample());
                } catch (RuntimeException | LinkageError e) {
                    failures.accept(e);
                }
            }
        } catch (InterruptedException e) {
            // closed
        } finally {
            source.close();
        }
    }

    /** The newest sample, to each caller once; null when there is none since the last call. */
    public @Nullable Resources take() {
        return newest.get() == null ? null : newest.getAndSet(null);
    }

    /** Stops sampling. Does not wait. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
