package io.gradwatch.telemetry.rules;

import org.jspecify.annotations.Nullable;

/** What a rule made of one event. */
public final class Look {
    /** The memory of a rule that remembers nothing. */
    static final double[] NOTHING = {};

    private final double[] memory;
    private final @Nullable Reading reading;
    private final int stands;

    /**
     * What a rule made of it.
     *
     * @param memory what the rule remembers from now on; never changed afterwards
     * @param reading null when there was nothing to judge: then no counter and no alert changes
     * @param stands iterations that the reading stands for: 1, or for what is sampled those since the sample before
     */
    public Look(double[] memory, @Nullable Reading reading, int stands) {
        this.memory = memory;
        this.reading = reading;
        this.stands = stands;
    }

    /** Nothing to judge. */
    public static Look none(double[] memory) {
        return new Look(memory, null, 0);
    }

    /** Judges one iteration. */
    static Look of(double[] memory, Reading reading) {
        return new Look(memory, reading, 1);
    }

    /** Judges one iteration by rules that remember nothing. */
    static Look of(Reading reading) {
        return new Look(NOTHING, reading, 1);
    }

    public double[] memory() {
        return memory;
    }

    public @Nullable Reading reading() {
        return reading;
    }

    public int stands() {
        return stands;
    }
}
