package io.gradwatch.telemetry.query;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts to values. Nothing here throws: what is no value is empty. */
final class Values {
    static final String NUMBER_FORM = "a number such as 0.01, 1e-3, 40% or 20k, or nan";
    static final String DURATION_FORM = "a length of time such as 90s, 10min, 1h30m or 2d";
    static final String TIME_FORM =
            "a date such as 2026-11-01, a time such as 2026-11-01T10:30 (UTC), or 7d for 7 days ago";

    private static final Pattern NUMBER =
            Pattern.compile("([+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?)(%|k|M)?");
    private static final Pattern PART = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,6})?)(ms|s|min|m|h|d|w)");
    private static final Pattern LENGTH = Pattern.compile("(?:" + PART.pattern() + ")+");

    /** From the first millisecond to the one after the last. */
    record Span(long fromMs, long toMs) {}

    private Values() {}

    static OptionalDouble number(String text) {
        Matcher found = NUMBER.matcher(text);
        if (!found.matches()) {
            return infinity(text);
        }
        double value = Double.parseDouble(found.group(1));
        String unit = found.group(2);
        if (unit == null) {
            return OptionalDouble.of(value);
        }
        return OptionalDouble.of(
                switch (unit) {
                    case "%" -> value / 100;
                    case "k" -> value * 1_000;
                    default -> value * 1_000_000;
                });
    }

    private static OptionalDouble infinity(String text) {
        return switch (text) {
            case "inf", "+inf", "Infinity" -> OptionalDouble.of(Double.POSITIVE_INFINITY);
            case "-inf", "-Infinity" -> OptionalDouble.of(Double.NEGATIVE_INFINITY);
            default -> OptionalDouble.empty();
        };
    }

    static boolean isNan(String text) {
        return text.equalsIgnoreCase("nan");
    }

    /** A length of time; its span is its last unit: 2h is from 2 to 3 hours when it is asked for equality. */
    static Optional<Long> duration(String text) {
        if (!LENGTH.matcher(text).matches()) {
            return Optional.empty();
        }
        double ms = 0;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            ms += Double.parseDouble(part.group(1))
                    * switch (part.group(2)) {
                        case "ms" -> 1L;
                        case "s" -> 1_000L;
                        case "min", "m" -> 60_000L;
                        case "h" -> 3_600_000L;
                        case "d" -> 86_400_000L;
                        default -> 7 * 86_400_000L;
                    };
        }
        return ms <= 1e15 ? Optional.of(Math.round(ms)) : Optional.empty();
    }

    /** A date is its whole day, a time to the minute that minute; a length of time is so long ago. */
    static Optional<Span> time(String text, Instant now) {
        Optional<Long> ago = duration(text);
        if (ago.isPresent()) {
            long at = now.toEpochMilli() - ago.get();
            return Optional.of(new Span(at, at + 1));
        }
        try {
            if (text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
                return Optional.of(
                        span(LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC), Duration.ofDays(1)));
            }
            if (!text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T.{2,32}")) {
                return Optional.empty();
            }
            Duration length = text.matches(".{11}[0-9]{2}:[0-9]{2}(Z|[+-][0-9:]+)?")
                    ? Duration.ofMinutes(1)
                    : text.contains(".") ? Duration.ofMillis(1) : Duration.ofSeconds(1);
            Instant at = text.matches(".*(Z|[+-][0-9]{2}:[0-9]{2})")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
            return Optional.of(span(at, length));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Span span(Instant from, Duration length) {
        return new Span(from.toEpochMilli(), from.plus(length).toEpochMilli());
    }
}
