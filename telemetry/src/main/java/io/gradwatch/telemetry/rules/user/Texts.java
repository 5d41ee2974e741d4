package io.gradwatch.telemetry.rules.user;

import io.gradwatch.telemetry.rules.Span;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Small texts: numbers, spans, names, yes and no. */
final class Texts {
    static final String SPAN = "a number above 0 with its unit: 20 iterations, 3 epochs, 30 s";

    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(?:\\d{1,40}\\.?\\d{0,40}|\\.\\d{1,40})(?:[eE][+-]?\\d{1,3})?");
    private static final Pattern SPAN_FORM = Pattern.compile("(\\S+)\\s*([a-z]+)");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(?:-[a-z0-9]+)*");
    private static final double MOST_SPAN = 1e9;

    private Texts() {}

    /** A finite number; with % a hundredth of it. */
    static double number(String text) throws BadText {
        boolean percent = text.endsWith("%");
        String digits = percent ? text.substring(0, text.length() - 1).strip() : text;
        if (!NUMBER.matcher(digits).matches()) {
            throw new BadText("accepted is a number: 0.25, 1e-7, 25 %");
        }
        double value = Double.parseDouble(digits);
        if (Double.isInfinite(value)) {
            throw new BadText("the number is too large");
        }
        return percent ? value / 100 : value;
    }

    static Span span(String text) throws BadText {
        Matcher form = SPAN_FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            throw new BadText("accepted is " + SPAN);
        }
        double amount = number(form.group(1));
        if (!(amount > 0 && amount <= MOST_SPAN)) {
            throw new BadText("accepted is " + SPAN);
        }
        return switch (form.group(2)) {
            case "iteration", "iterations", "it" -> new Span(amount, Span.Unit.ITERATIONS);
            case "epoch", "epochs" -> Span.epochs(amount);
            case "s", "second", "seconds" -> Span.seconds(amount);
            case "min", "minute", "minutes" -> Span.seconds(60 * amount);
            case "h", "hour", "hours" -> Span.seconds(3600 * amount);
            default -> throw new BadText("accepted is " + SPAN);
        };
    }

    /** Iterations alone, 0 among them. */
    static int iterations(String text) throws BadText {
        if (text.equals("0")) {
            return 0;
        }
        Span span = span(text);
        if (span.unit() != Span.Unit.ITERATIONS || span.amount() != Math.rint(span.amount())) {
            throw new BadText("accepted are whole iterations: 100 iterations, or 0");
        }
        return (int) span.amount();
    }

    static String name(String text) throws BadText {
        if (text.length() > 50 || !NAME.matcher(text).matches()) {
            throw new BadText(
                    "accepted are at most 50 small letters, digits and single hyphens, a letter first: my-rule-2");
        }
        return text;
    }

    static boolean yes(String text) throws BadText {
        return switch (text) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw new BadText("accepted is true or false");
        };
    }

    /** For people: 3.2e-9, 0.25, 1200. */
    static String show(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "infinity" : "-infinity";
        }
        double size = Math.abs(value);
        if (value == Math.rint(value) && size < 1e7) {
            return Long.toString((long) value);
        }
        if (size >= 1e-3 && size < 1e7) {
            String digits = String.format(Locale.ROOT, size >= 1000 ? "%.1f" : size >= 1 ? "%.3f" : "%.4f", value);
            return digits.contains(".") ? digits.replaceAll("0+$", "").replaceAll("\\.$", "") : digits;
        }
        return String.format(Locale.ROOT, "%.2e", value)
                .replaceAll("\\.?0+e", "e")
                .replace("e-0", "e-")
                .replace("e+0", "e")
                .replace("e+", "e");
    }
}
