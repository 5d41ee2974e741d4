package io.gradwatch.telemetry.runs;

import java.util.Collection;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The validations of a run, and which of them count: a new attempt replaces everything from its first iteration on. */
final class Validations {
    private final NavigableMap<Integer, NavigableMap<Long, Validation>> byAttempt = new TreeMap<>();

    /**
     * What counts.
     *
     * @param newest that of the last epoch; null without any
     * @param bestAccuracy NaN does not count; null without any
     */
    record Counting(@Nullable Validation newest, @Nullable Float bestAccuracy) {}

    void add(Validation validation) {
        byAttempt
                .computeIfAbsent(validation.attempt(), a -> new TreeMap<>())
                .putIfAbsent(validation.epoch(), validation);
    }

    /** @param attempts of which there are iterations */
    Counting counting(Collection<AttemptRange> attempts) {
        Validation newest = null;
        Float best = null;
        for (int attempt : byAttempt.descendingKeySet()) {
            long limit = Long.MAX_VALUE;
            for (AttemptRange a : attempts) {
                limit = a.attempt() > attempt ? Math.min(limit, a.firstIteration()) : limit;
            }
            for (Validation v : of(attempt).values()) {
                if (v.iteration() >= limit) {
                    continue;
                }
                Float accuracy = v.accuracy();
                if (accuracy != null && !accuracy.isNaN() && (best == null || accuracy > best)) {
                    best = accuracy;
                }
                if (newest == null || v.epoch() > newest.epoch()) {
                    newest = v;
                }
            }
        }
        return new Counting(newest, best);
    }

    private NavigableMap<Long, Validation> of(int attempt) {
        return byAttempt.getOrDefault(attempt, new TreeMap<>());
    }
}
