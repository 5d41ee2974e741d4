package io.gradwatch.telemetry.rules.user;

import io.gradwatch.telemetry.rules.Span;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How one number comes from those of the last events.
 *
 * <p>A window of more than {@value #PIECES} events is kept as pieces of equal length, so that memory is bounded: it goes on in
 * steps of a piece, a hundredth of it. NaN and infinities are left out of all but {@code last}.
 *
 * <p>Memory, behind what its user keeps for itself: length of a piece, complete pieces, values in the present one, what has
 * come of these, the frozen past, then the ring of pieces. Of {@code ewma}: the value.
 *
 * @param length in events: iterations or epochs
 */
record Window(Function function, double length, Span.Unit unit) {
    static final Window LAST = new Window(Function.LAST, 1, Span.Unit.ITERATIONS);
    static final int MOST_ITERATIONS = 100_000;
    static final int MOST_EPOCHS = 1_000;
    static final String ACCEPTED =
            "last, mean of 50 iterations, min of …, max of …, slope of …, change of …, relative change of"
                    + " …, ewma with half-life 20 iterations; up to " + MOST_ITERATIONS + " iterations or "
                    + MOST_EPOCHS
                    + " epochs";

    private static final int PIECES = 100;
    private static final double MOST_EVENTS = 10_000_000;
    private static final int HEAD = 5;
    private static final Pattern FORM = Pattern.compile(
            "(mean|min|max|slope|change|relative change|ewma)(?: +(?:of|with half-life|half-life))? +(\\S.*)");

    enum Function {
        LAST,
        MEAN,
        MIN,
        MAX,
        EWMA,
        SLOPE,
        CHANGE,
        RELATIVE_CHANGE;

        boolean isOfTwo() {
            return this == CHANGE || this == RELATIVE_CHANGE;
        }
    }

    /** The window after one more event. */
    static final class Result {
        private final double[] memory;
        private final double value;
        private final int events;

        Result(double[] memory, double value, int events) {
            this.memory = memory;
            this.value = value;
            this.events = events;
        }

        double[] memory() {
            return memory;
        }

        /** NaN: not known (yet). */
        double value() {
            return value;
        }

        /** How many events the value stands for; 0: it is not a new one. */
        int events() {
            return events;
        }
    }

    static Window read(String text) throws BadText {
        String words = text.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
        if (words.equals("last")) {
            return LAST;
        }
        Matcher form = FORM.matcher(words);
        if (!form.matches()) {
            throw new BadText("accepted is " + ACCEPTED);
        }
        Span span = Texts.span(form.group(2));
        Function function = Function.valueOf(form.group(1).replace(' ', '_').toUpperCase(Locale.ROOT));
        boolean whole = span.amount() == Math.rint(span.amount()) || function == Function.EWMA;
        int most = span.unit() == Span.Unit.EPOCHS ? MOST_EPOCHS : MOST_ITERATIONS;
        if (span.unit() == Span.Unit.SECONDS || !whole || span.amount() > most) {
            throw new BadText("accepted are whole numbers up to " + MOST_ITERATIONS + " iterations or " + MOST_EPOCHS
                    + " epochs");
        }
        if (function == Function.SLOPE && span.unit() == Span.Unit.ITERATIONS && span.amount() < 2) {
            throw new BadText("a slope needs 2 iterations or more");
        }
        return new Window(function, span.amount(), span.unit());
    }

    /**
     * Takes one more event.
     *
     * @param memory what {@link Result} gave before; empty at first
     * @param eventsPerUnit events that one unit of the length has: 1, or iterations of an epoch
     * @param open whether an alert is open: then the window before stands still
     */
    Result with(double value, double[] memory, int eventsPerUnit, boolean open) {
        if (function == Function.LAST) {
            return new Result(memory, value, 1);
        }
        if (!Double.isFinite(value)) {
            return new Result(memory, Double.NaN, 0);
        }
        if (function == Function.EWMA) {
            double weight = 1 - Math.pow(2, -1 / (length * eventsPerUnit));
            double mean = memory.length == 1 ? memory[0] + weight * (value - memory[0]) : value;
            return new Result(new double[] {mean}, mean, 1);
        }
        int windows = function.isOfTwo() ? 2 : 1;
        int events = (int) Math.max(1, Math.min(MOST_EVENTS, Math.rint(length * eventsPerUnit)));
        int piece = ceil(events, PIECES / windows);
        int pieces = windows * ceil(events, piece);
        double[] next;
        if (memory.length == HEAD + pieces && memory[0] == piece) {
            next = memory.clone();
        } else {
            next = new double[HEAD + pieces];
            next[0] = piece;
            next[4] = Double.NaN;
        }
        next[3] = next[2] == 0 ? value : joined(next[3], value);
        next[2]++;
        if (next[2] < piece) {
            return new Result(next, Double.NaN, 0);
        }
        boolean extreme = function == Function.MIN || function == Function.MAX;
        next[HEAD + (int) (next[1] % pieces)] = extreme ? next[3] : next[3] / piece;
        next[1]++;
        next[2] = 0;
        if (next[1] < pieces) {
            return new Result(next, Double.NaN, 0);
        }
        return new Result(next, value(next, pieces, piece, eventsPerUnit, open), piece);
    }

    private static int ceil(int whole, int part) {
        return (whole + part - 1) / part;
    }

    private double joined(double one, double other) {
        return switch (function) {
            case MIN -> Math.min(one, other);
            case MAX -> Math.max(one, other);
            default -> one + other;
        };
    }

    private double value(double[] memory, int pieces, int piece, int eventsPerUnit, boolean open) {
        double[] values = new double[pieces];
        for (int i = 0; i < pieces; i++) {
            values[i] = memory[HEAD + (int) ((memory[1] + i) % pieces)];
        }
        return switch (function) {
            case MIN -> Arrays.stream(values).min().orElse(Double.NaN);
            case MAX -> Arrays.stream(values).max().orElse(Double.NaN);
            case SLOPE -> slope(values) / piece * eventsPerUnit;
            case CHANGE, RELATIVE_CHANGE -> {
                double before = mean(values, 0, pieces / 2);
                if (!open) {
                    memory[4] = Double.NaN;
                } else if (Double.isNaN(memory[4])) {
                    memory[4] = before;
                }
                double from = open ? memory[4] : before;
                double change = mean(values, pieces / 2, pieces) - from;
                yield function == Function.CHANGE ? change : from == 0 ? Double.NaN : change / Math.abs(from);
            }
            default -> mean(values, 0, pieces);
        };
    }

    private static double mean(double[] values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += values[i];
        }
        return sum / (to - from);
    }

    /** Of the least-squares line, per step. */
    private static double slope(double[] y) {
        double middle = (y.length - 1) / 2.0;
        double mean = mean(y, 0, y.length);
        double up = 0;
        double down = 0;
        for (int i = 0; i < y.length; i++) {
            up += (i - middle) * (y[i] - mean);
            down += (i - middle) * (i - middle);
        }
        return down == 0 ? Double.NaN : up / down;
    }

    /** "mean of 50 iterations". */
    String inWords() {
        if (function == Function.LAST) {
            return "last";
        }
        String name = function.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return name + (function == Function.EWMA ? " with half-life " : " of ") + new Span(length, unit);
    }
}
