package io.gradwatch.benchmarks.drill;

import java.time.Duration;

/** Waiting for what another process does. */
final class Wait {
    private static final long LOOK_EVERY_MS = 100;

    private Wait() {}

    /** Something that may fail while it is not so yet. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws Exception;
    }

    /**
     * Returns when the condition holds; nanoseconds that it took.
     *
     * @throws IllegalStateException when it does not in time, or says itself that it never will
     */
    static Duration until(String what, Duration patience, Condition condition) throws InterruptedException {
        long begun = System.nanoTime();
        Exception last = null;
        while (true) {
            try {
                if (condition.holds()) {
                    return Duration.ofNanos(System.nanoTime() - begun);
                }
                last = null;
            } catch (InterruptedException | IllegalStateException e) {
                throw e;
            } catch (Exception e) {
                last = e; // what is asked is down at the moment
            }
            if (System.nanoTime() - begun > patience.toNanos()) {
                throw new IllegalStateException("not within " + patience.toSeconds() + " s: " + what, last);
            }
            Thread.sleep(LOOK_EVERY_MS);
        }
    }

    /** Whether the condition came to hold in time. */
    static boolean whether(Duration patience, Condition condition) throws InterruptedException {
        try {
            until("", patience, condition);
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
