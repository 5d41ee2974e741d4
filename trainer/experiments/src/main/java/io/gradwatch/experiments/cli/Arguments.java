package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.run.TrainingSettings;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the values of options; what cannot be read becomes a problem, and the fallback takes its place. */
final class Arguments {
    private final Problems problems;

    Arguments(Problems problems) {
        this.problems = problems;
    }

    /** A whole number of {@code least} to {@code most}. */
    long whole(String option, @Nullable String text, long fallback, long least, long most) {
        if (text == null) {
            return fallback;
        }
        try {
            long value = Long.parseLong(text.strip());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        problems.add(option + " " + text + ": accepted are whole numbers from " + least + " to " + most);
        return fallback;
    }

    /** An {@code int}; otherwise as {@link #whole}. */
    int count(String option, @Nullable String text, int fallback, int least, int most) {
        return (int) whole(option, text, fallback, least, most);
    }

    /** A number of {@code least} to {@code most}; with {@code open}, above {@code least}. */
    double number(String option, @Nullable String text, double fallback, double least, boolean open, double most) {
        if (text == null) {
            return fallback;
        }
        try {
            double value = Double.parseDouble(text.strip());
            if ((open ? value > least : value >= least) && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        problems.add(option + " " + text + ": accepted are numbers " + (open ? "above " : "from ") + plain(least)
                + (open ? ", at most " : " to ") + plain(most));
        return fallback;
    }

    /** One of an enumeration's constants, by its name in lower case with hyphens. */
    <E extends Enum<E>> E oneOf(String option, @Nullable String text, E fallback) {
        if (text == null) {
            return fallback;
        }
        E[] constants = fallback.getDeclaringClass().getEnumConstants();
        for (E constant : constants) {
            if (TrainingSettings.optionOf(constant).equalsIgnoreCase(text.strip())) {
                return constant;
            }
        }
        problems.add(option + " " + text + ": accepted are "
                + Arrays.stream(constants).map(TrainingSettings::optionOf).collect(Collectors.joining(", ")));
        return fallback;
    }

    /** "on" or "off". */
    boolean onOff(String option, @Nullable String text, boolean fallback) {
        if (text == null || text.equals("on") || text.equals("off")) {
            return text == null ? fallback : text.equals("on");
        }
        problems.add(option + " " + text + ": accepted are on, off");
        return fallback;
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
