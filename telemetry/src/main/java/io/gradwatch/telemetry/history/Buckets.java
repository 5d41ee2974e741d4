package io.gradwatch.telemetry.history;

/**
 * A range of iterations cut into buckets of equal whole width.
 *
 * @param from first iteration
 * @param to one more than the last; the last bucket may reach less far than the others
 * @param width iterations in a bucket, 1 or more
 */
public record Buckets(long from, long to, long width) {

    /** At most {@code most} buckets over {@code from <= iteration < to}. */
    public static Buckets of(long from, long to, int most) {
        long range = to - from;
        return new Buckets(from, to, Math.max(1, range / most + (range % most == 0 ? 0 : 1)));
    }

    /** How many there are. */
    public int number() {
        long range = to - from;
        return Math.toIntExact(range / width + (range % width == 0 ? 0 : 1));
    }

    /** First iteration of a bucket. */
    public long start(long bucket) {
        return from + bucket * width;
    }

    /** One more than the last iteration of a bucket. */
    public long end(long bucket) {
        return to - start(bucket) < width ? to : start(bucket) + width;
    }
}
