package io.gradwatch.telemetry.backtest;

import java.util.Collection;
import java.util.OptionalLong;

/**
 * When the trouble of a run could be seen without any rule, by someone who looks at its loss alone:
 *
 * <ul>
 *   <li>{@code nan}: the first iteration whose loss is NaN or infinite
 *   <li>{@code exploding}: that, or the first whose loss is more than twice that of guessing (ln of the classes), or more than
 *       ten times that of the first iteration where the classes are not known
 *   <li>{@code vanishing}, {@code chance-level}: the end of the second of two epochs in a row whose training loss is at least
 *       0.98 ln of the classes with an accuracy of at most 2 divided by the classes. One such epoch says nothing: healthy networks
 *       begin so
 * </ul>
 *
 * @param nonFinite iteration; empty: the loss was always finite
 * @param large iteration; empty: the loss was never so large
 * @param chance iteration; empty: there were no two such epochs
 * @param end the run's last iteration; -1 without any
 */
public record Evident(OptionalLong nonFinite, OptionalLong large, OptionalLong chance, long end) {

    /**
     * Iterations that a rule was ahead.
     *
     * @param iterations negative: the rule came later
     * @param atLeast the run ended before its trouble was evident: so many at least
     */
    public record Lead(long iterations, boolean atLeast) {}

    /** When it was evident for the first of some labels that this is defined for; empty: for none of them, or never. */
    OptionalLong at(Collection<String> labels) {
        OptionalLong first = OptionalLong.empty();
        for (String label : labels) {
            OptionalLong moment = switch (label) {
                case "nan" -> nonFinite;
                case "exploding" -> earlier(nonFinite, large);
                case "vanishing", "chance-level" -> chance;
                default -> OptionalLong.empty();
            };
            first = earlier(first, moment);
        }
        return first;
    }

    /** Whether there is a definition for one of the labels. */
    static boolean isDefined(Collection<String> labels) {
        return labels.stream()
                .anyMatch(label -> label.equals("nan")
                        || label.equals("exploding")
                        || label.equals("vanishing")
                        || label.equals("chance-level"));
    }

    private static OptionalLong earlier(OptionalLong a, OptionalLong b) {
        return a.isEmpty() || (b.isPresent() && b.getAsLong() < a.getAsLong()) ? b : a;
    }
}
