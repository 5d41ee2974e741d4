package io.gradwatch.launcher.process;

import java.time.Duration;

/**
 * How long to wait before a child is started again: {@code first} after the first death, twice as long after each
 * further one, {@code longest} at most. A child that lived for {@code healthyAfter} starts over.
 */
public record Backoff(Duration first, Duration longest, Duration healthyAfter) {

    /** At once, practically, then up to 10 seconds; a minute of life is health. */
    public static final Backoff DEFAULT =
            new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10), Duration.ofMinutes(1));

    /**
     * The wait before the next start.
     *
     * @param deaths deaths in a row without a healthy life between them, the last included; at least 1
     */
    public Duration before(int deaths) {
        Duration wait = first;
        for (int i = 1; i < deaths && wait.compareTo(longest) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        return wait.compareTo(longest) < 0 ? wait : longest;
    }
}
