package io.gradwatch.experiments.table1;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Figures as people read them. */
public final class Text {
    static final String NONE = "–";

    private Text() {}

    /** Percent with two digits: "49.95". */
    static String percent(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** Mean and, for several runs, deviation: "49.41 ± 0.52"; a dash for no runs. */
    static String sample(Sample sample) {
        if (sample.count() == 0) {
            return NONE;
        }
        return percent(sample.mean())
                + (sample.deviation().isPresent()
                        ? " ± " + percent(sample.deviation().getAsDouble())
                        : "");
    }

    /** Points, with their sign: "+0.54"; a dash for none. */
    static String difference(OptionalDouble points) {
        // adding 0 makes a plus of a minus before zero
        return points.isPresent()
                ? String.format(Locale.ROOT, "%+.2f", Math.round(100 * points.getAsDouble()) / 100.0 + 0.0)
                : NONE;
    }

    /** A hyper-parameter without needless digits: "0.001", "0.0006", "0". */
    static String plain(double value) {
        return value == 0 ? "0" : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    /** A span of time, to its two greatest units: "3 d 4 h", "2 h 05 min", "1 min 40 s", "12 s". */
    public static String span(Duration span) {
        long seconds = Math.max(0, Math.round(span.toMillis() / 1000.0));
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60);
        }
        long minutes = Math.round(seconds / 60.0);
        if (minutes < 24 * 60) {
            return String.format(Locale.ROOT, "%d h %02d min", minutes / 60, minutes % 60);
        }
        long hours = Math.round(minutes / 60.0);
        return String.format(Locale.ROOT, "%d d %d h", hours / 24, hours % 24);
    }

    /** A paragraph, broken between words; further lines begin with two blanks. */
    public static List<String> folded(String note, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : note.split(" ")) {
            if (line.length() > 2 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
                line.append("  ").append(word);
            } else {
                line.append(line.isEmpty() ? "" : " ").append(word);
            }
        }
        lines.add(line.toString());
        return lines;
    }
}
