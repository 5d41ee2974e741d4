package io.gradwatch.telemetry.rules;

import java.util.Locale;

/**
 * A length of training.
 *
 * @param amount above 0 and finite
 * @param unit what it counts
 */
public record Span(double amount, Unit unit) {
    /** Taken for the iterations of an epoch where a run has not told. */
    public static final int EPOCH_OF_UNKNOWN_LENGTH = 500;

    /** What is counted. */
    public enum Unit {
        ITERATIONS,
        EPOCHS,
        SECONDS
    }

    public Span {
        if (!(amount > 0) || Double.isInfinite(amount)) {
            throw new IllegalArgumentException(
                    amount + " " + unit.name().toLowerCase(Locale.ROOT) + ": accepted are numbers above 0");
        }
    }

    public static Span iterations(int amount) {
        return new Span(amount, Unit.ITERATIONS);
    }

    public static Span epochs(double amount) {
        return new Span(amount, Unit.EPOCHS);
    }

    public static Span seconds(double amount) {
        return new Span(amount, Unit.SECONDS);
    }

    /**
     * Whether something has lasted this long.
     *
     * @param iterations that it has lasted, the present one included
     * @param ms between its first and its present iteration
     * @param iterationsPerEpoch of the run; 0: not known
     */
    boolean isOver(long iterations, long ms, int iterationsPerEpoch) {
        return switch (unit) {
            case ITERATIONS -> iterations >= amount;
            case EPOCHS ->
                iterations >= amount * (iterationsPerEpoch > 0 ? iterationsPerEpoch : EPOCH_OF_UNKNOWN_LENGTH);
            case SECONDS -> ms >= amount * 1000;
        };
    }

    /** "iterations", "epochs" or "seconds". */
    public String unitName() {
        return unit.name().toLowerCase(Locale.ROOT);
    }

    /** "200 iterations", "1 epoch", "2.5 seconds". */
    @Override
    public String toString() {
        String number = amount == Math.rint(amount) ? Long.toString((long) amount) : Double.toString(amount);
        String name = unitName();
        return number + " " + (amount == 1 ? name.substring(0, name.length() - 1) : name);
    }
}
