package io.gradwatch.telemetry.rules.user;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A test of one value.
 *
 * @param threshold what it is compared with; NaN of those that compare with nothing
 */
record Comparison(Operator operator, double threshold) {
    static final String ACCEPTED =
            "a comparison: \"< 1e-7\", \"<= 1\", \"> 3\", \">= 0.5\", \"== 0\", \"!= 0\" (below, at most,"
                    + " above, at least, equals, differs from say the same), is nan, is infinite, is not finite";

    enum Operator {
        BELOW("below"),
        AT_MOST("at most"),
        ABOVE("above"),
        AT_LEAST("at least"),
        EQUALS("equal to"),
        DIFFERS("other than"),
        NAN("NaN"),
        INFINITE("infinite"),
        NOT_FINITE("not finite");

        private final String words;

        Operator(String words) {
            this.words = words;
        }
    }

    private static final Pattern ORDER =
            Pattern.compile("(<=|<|>=|>|==|!=|below|at most|above|at least|equals|differs from)\\s*(\\S.*)");

    static Comparison read(String text) throws BadText {
        String words = text.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
        switch (words) {
            case "is nan":
                return new Comparison(Operator.NAN, Double.NaN);
            case "is infinite":
                return new Comparison(Operator.INFINITE, Double.NaN);
            case "is not finite":
                return new Comparison(Operator.NOT_FINITE, Double.NaN);
            default:
                break;
        }
        Matcher order = ORDER.matcher(words);
        if (!order.matches()) {
            throw new BadText("accepted is " + ACCEPTED);
        }
        Operator operator = switch (order.group(1)) {
            case "<", "below" -> Operator.BELOW;
            case "<=", "at most" -> Operator.AT_MOST;
            case ">", "above" -> Operator.ABOVE;
            case ">=", "at least" -> Operator.AT_LEAST;
            case "==", "equals" -> Operator.EQUALS;
            default -> Operator.DIFFERS;
        };
        return new Comparison(operator, Texts.number(order.group(2)));
    }

    boolean test(double value) {
        return switch (operator) {
            case BELOW -> value < threshold;
            case AT_MOST -> value <= threshold;
            case ABOVE -> value > threshold;
            case AT_LEAST -> value >= threshold;
            case EQUALS -> value == threshold;
            case DIFFERS -> value != threshold;
            case NAN -> Double.isNaN(value);
            case INFINITE -> Double.isInfinite(value);
            case NOT_FINITE -> !Double.isFinite(value);
        };
    }

    /** Whether it asks whether a value is a number at all. */
    boolean isOfKind() {
        return operator.ordinal() >= Operator.NAN.ordinal();
    }

    boolean isUpwards() {
        return operator == Operator.ABOVE || operator == Operator.AT_LEAST;
    }

    boolean isDownwards() {
        return operator == Operator.BELOW || operator == Operator.AT_MOST;
    }

    /** Whether it says the same of fewer values. */
    boolean isStricterThan(Comparison other) {
        if (isUpwards()) {
            return other.isUpwards() && threshold > other.threshold;
        }
        return isDownwards() && other.isDownwards() && threshold < other.threshold;
    }

    /** Whether it is the way back from the other, with nothing that satisfies both. */
    boolean isBackFrom(Comparison other) {
        boolean opposite = (isUpwards() && other.isDownwards()) || (isDownwards() && other.isUpwards());
        return opposite
                && (isUpwards() ? threshold >= other.threshold : threshold <= other.threshold)
                && !(threshold == other.threshold
                        && (operator == Operator.AT_LEAST || operator == Operator.AT_MOST)
                        && (other.operator == Operator.AT_LEAST || other.operator == Operator.AT_MOST));
    }

    /** "below 1e-7". */
    String inWords() {
        return isOfKind() ? operator.words : operator.words + " " + Texts.show(threshold);
    }
}
