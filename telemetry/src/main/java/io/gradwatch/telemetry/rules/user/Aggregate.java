package io.gradwatch.telemetry.rules.user;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How one number comes from those of the layers. NaN is left out.
 *
 * @param limit of the shares; NaN of the others
 */
record Aggregate(Kind kind, double limit) {
    static final String ACCEPTED = "min, max, mean, median, share below X, share above X";

    enum Kind {
        MIN("smallest"),
        MAX("largest"),
        MEAN("mean"),
        MEDIAN("median"),
        SHARE_BELOW("share below"),
        SHARE_ABOVE("share above");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    private static final Pattern SHARE = Pattern.compile("share +(?:of +layers +)?(below|above) +(\\S.*)");

    static Aggregate read(String text) throws BadText {
        switch (text.toLowerCase(Locale.ROOT)) {
            case "min":
                return new Aggregate(Kind.MIN, Double.NaN);
            case "max":
                return new Aggregate(Kind.MAX, Double.NaN);
            case "mean":
                return new Aggregate(Kind.MEAN, Double.NaN);
            case "median":
                return new Aggregate(Kind.MEDIAN, Double.NaN);
            default:
                break;
        }
        Matcher share = SHARE.matcher(text.toLowerCase(Locale.ROOT));
        if (!share.matches()) {
            throw new BadText("accepted is " + ACCEPTED);
        }
        return new Aggregate(
                share.group(1).equals("below") ? Kind.SHARE_BELOW : Kind.SHARE_ABOVE, Texts.number(share.group(2)));
    }

    /** NaN when no value is a number. */
    double of(double[] values) {
        double[] numbers = Arrays.stream(values).filter(v -> !Double.isNaN(v)).toArray();
        if (numbers.length == 0) {
            return Double.NaN;
        }
        return switch (kind) {
            case MIN -> Arrays.stream(numbers).min().orElse(Double.NaN);
            case MAX -> Arrays.stream(numbers).max().orElse(Double.NaN);
            case MEAN -> mean(numbers);
            case MEDIAN -> {
                Arrays.sort(numbers);
                int middle = numbers.length / 2;
                yield numbers.length % 2 == 1 ? numbers[middle] : (numbers[middle - 1] + numbers[middle]) / 2;
            }
            case SHARE_BELOW -> Arrays.stream(numbers).filter(this::counts).count() / (double) numbers.length;
            case SHARE_ABOVE -> Arrays.stream(numbers).filter(this::counts).count() / (double) numbers.length;
        };
    }

    private static double mean(double[] numbers) {
        double sum = 0;
        for (double v : numbers) {
            sum += v;
        }
        return sum / numbers.length;
    }

    /** Whether a layer counts for a share. */
    boolean counts(double value) {
        return kind == Kind.SHARE_BELOW ? value < limit : kind == Kind.SHARE_ABOVE && value > limit;
    }

    boolean isShare() {
        return kind == Kind.SHARE_BELOW || kind == Kind.SHARE_ABOVE;
    }

    String inWords() {
        return isShare() ? kind.words + " " + Texts.show(limit) : kind.words;
    }
}
