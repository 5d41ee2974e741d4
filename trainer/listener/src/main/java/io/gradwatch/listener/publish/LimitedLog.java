package io.gradwatch.listener.publish;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Warnings at a limited rate: the first at once, then at most one in each period, with the number left out. */
public final class LimitedLog {
    private static final long PERIOD_NANOS = Duration.ofSeconds(10).toNanos();

    private final Logger logger;
    private final LongSupplier nanoTime;
    private final AtomicLong next;
    private final AtomicLong leftOut = new AtomicLong();

    /**
     * @param logger where the warnings go
     * @param nanoTime monotonic nanoseconds
     */
    public LimitedLog(Logger logger, LongSupplier nanoTime) {
        this.logger = logger;
        this.nanoTime = nanoTime;
        this.next = new AtomicLong(nanoTime.getAsLong());
    }

    /** Logs, or only counts. Safe for any thread; never throws. */
    public void warn(String message, @Nullable Throwable cause) {
        long now = nanoTime.getAsLong();
        long due = next.get();
        if (now - due < 0 || !next.compareAndSet(due, now + PERIOD_NANOS)) {
            leftOut.incrementAndGet();
            return;
        }
        long others = leftOut.getAndSet(0);
        String text = others == 0 ? message : message + " (and " + others + " more like it)";
        if (cause == null) {
            logger.warn(text);
        } else {
            logger.warn(text, cause);
        }
    }
}
