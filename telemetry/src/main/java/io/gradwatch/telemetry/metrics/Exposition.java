package io.gradwatch.telemetry.metrics;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A page of metrics as Prometheus reads it (text format 0.0.4). For one thread.
 *
 * <p>Names end in their unit, counters in {@code _total}. A page has a dozen kinds of samples, all of which the service counts
 * anyway: a library of meters would keep them a second time.
 */
public final class Exposition {
    /** Media type of the page. */
    public static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder page = new StringBuilder(4_096);

    /**
     * One value of a metric with labels.
     *
     * @param labels by name, in the order in which they are to stand
     */
    public record Sample(Map<String, String> labels, double value) {}

    public Exposition gauge(String name, String help, double value) {
        return gauge(name, help, List.of(new Sample(Map.of(), value)));
    }

    /** A metric that goes up and down; nothing is written without samples. */
    public Exposition gauge(String name, String help, List<Sample> samples) {
        return metric(name, help, "gauge", samples);
    }

    /** A metric that only grows. */
    public Exposition counter(String name, String help, double value) {
        return metric(name, help, "counter", List.of(new Sample(Map.of(), value)));
    }

    /** A histogram, in seconds. */
    public Exposition histogram(String name, String help, Histogram histogram) {
        head(name, help, "histogram");
        long count = 0;
        for (int i = 0; i < Histogram.ENDS_MS.length; i++) {
            count += histogram.count(i);
            line(name + "_bucket", Map.of("le", number(Histogram.ENDS_MS[i] / 1000.0)), count);
        }
        count += histogram.count(Histogram.ENDS_MS.length);
        line(name + "_bucket", Map.of("le", "+Inf"), count);
        line(name + "_sum", Map.of(), histogram.sumMs() / 1000.0);
        line(name + "_count", Map.of(), count);
        return this;
    }

    private Exposition metric(String name, String help, String type, List<Sample> samples) {
        if (!samples.isEmpty()) {
            head(name, help, type);
            samples.forEach(sample -> line(name, sample.labels(), sample.value()));
        }
        return this;
    }

    private void head(String name, String help, String type) {
        page.append("# HELP ").append(name).append(' ').append(help).append('\n');
        page.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void line(String name, Map<String, String> labels, double value) {
        page.append(name);
        if (!labels.isEmpty()) {
            String separator = "{";
            for (Map.Entry<String, String> label : labels.entrySet()) {
                page.append(separator)
                        .append(label.getKey())
                        .append("=\"")
                        .append(escaped(label.getValue()))
                        .append('"');
                separator = ",";
            }
            page.append('}');
        }
        page.append(' ').append(number(value)).append('\n');
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /** NaN and the infinities have names of their own there. */
    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.format(Locale.ROOT, "%d", (long) value)
                : Double.toString(value);
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
