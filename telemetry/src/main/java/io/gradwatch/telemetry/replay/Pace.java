package io.gradwatch.telemetry.replay;

/**
 * How fast recorded time passes.
 *
 * @param factor recorded milliseconds per millisecond, {@value #SLOWEST} to {@value #FASTEST}
 * @param asRecorded whether every pause lasts as long as it did; else one of more than {@value #LONGEST_PAUSE_MS} ms (a
 *     night between two attempts) counts as {@value #LONGEST_PAUSE_MS} ms
 */
public record Pace(double factor, boolean asRecorded) {
    /** Smallest accepted factor. */
    public static final double SLOWEST = 0.1;

    /** Greatest accepted factor. */
    public static final double FASTEST = 1000;

    /** What a longer pause counts as, in recorded milliseconds. */
    public static final long LONGEST_PAUSE_MS = 10_000;

    /** Exactly as recorded, pauses included. */
    public static final Pace RECORDED = new Pace(1, true);

    public Pace {
        if (!isAccepted(factor)) {
            throw new IllegalArgumentException("factor is " + factor);
        }
    }

    /** So many times as fast as recorded, long pauses shortened. */
    public static Pace times(double factor) {
        return new Pace(factor, false);
    }

    /** Whether {@link #times} takes this factor. */
    public static boolean isAccepted(double factor) {
        return factor >= SLOWEST && factor <= FASTEST;
    }

    /** What a recorded gap of so many milliseconds counts as. Clocks that were set back make no negative gaps. */
    public double gap(long recordedMs) {
        long gap = Math.max(0, recordedMs);
        return asRecorded ? gap : Math.min(gap, LONGEST_PAUSE_MS);
    }
}
