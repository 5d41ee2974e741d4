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

    /** Whether an iteration is one of those that were read. */
    public enum Has {
        /** It is not. */
        NO,
        /** It may be: some between the first and the last are missing. */
        PERHAPS,
        /** It is. */
        YES
    }

    /** Whether it has this iteration, as far as the range tells: each is counted once. */
    public Has has(long iteration) {
        if (iteration < firstIteration || iteration > lastIteration) {
            return Has.NO;
        }
        return records == lastIteration - firstIteration + 1 ? Has.YES : Has.PERHAPS;
    }

    AttemptRange with(long iteration) {
        return new AttemptRange(
                attempt, Math.min(firstIteration, iteration), Math.max(lastIteration, iteration), records + 1);
    }
}
