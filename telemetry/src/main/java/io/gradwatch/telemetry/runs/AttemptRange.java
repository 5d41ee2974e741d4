package io.gradwatch.telemetry.runs;

/**
 * Which iterations an attempt has sent.
 *
 * @param attempt 1 or more
 * @param firstIteration smallest iteration read of it
 * @param lastIteration largest iteration read of it
 * @param records number of iteration records read of it
 */
public record AttemptRange(int attempt, long firstIteration, long lastIteration, long records) {

    AttemptRange with(long iteration) {
        return new AttemptRange(
                attempt, Math.min(firstIteration, iteration), Math.max(lastIteration, iteration), records + 1);
    }
}
