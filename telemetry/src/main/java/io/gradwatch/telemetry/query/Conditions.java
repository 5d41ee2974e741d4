package io.gradwatch.telemetry.query;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** One condition of a query: its field, sign and value are known as text; here the value gets its type. */
record Conditions(
        String query,
        Instant now,
        Field field,
        String name,
        int signAt,
        String sign,
        int valueAt,
        String value,
        boolean isQuoted) {

    Query read() throws QuerySyntaxException {
        if (value.isEmpty() && !isQuoted) {
            throw new QuerySyntaxException(query, valueAt, "there is no value behind " + name + sign, form());
        }
        return switch (field.kind()) {
            case WORD, WORDS -> like(equalOrNot("a word or \"a text\", where * stands for any characters"));
            case TEXT -> contains();
            case STATE -> oneOf(Field.STATES);
            case TRUTH -> oneOf(List.of("true", "false"));
            case NUMBER -> number();
            case TIME -> span(Values.time(value, now).orElse(null));
            case DURATION -> length();
            case PARAMETER -> parameter();
        };
    }

    private Query contains() throws QuerySyntaxException {
        Operator operator = equalOrNot("a part of the text");
        if (sign.equals(":")) {
            return value.contains("*") && !isQuoted ? like(operator) : new Query.Contains(field, lower());
        }
        return like(operator);
    }

    private Query oneOf(List<String> words) throws QuerySyntaxException {
        Operator operator = equalOrNot("one of " + String.join(", ", words));
        if (!words.contains(lower())) {
            throw bad("one of " + String.join(", ", words));
        }
        return like(operator);
    }

    private Query number() throws QuerySyntaxException {
        if (Values.isNan(value) && !operator().ordered()) {
            return new Query.IsNan(field, operator() == Operator.UNEQUAL);
        }
        OptionalDouble number = Values.number(value);
        if (number.isEmpty()) {
            throw bad(Values.NUMBER_FORM);
        }
        return new Query.Compare(field, operator(), number.getAsDouble());
    }

    private Query length() throws QuerySyntaxException {
        long ms = Values.duration(value).orElseThrow(() -> bad(Values.DURATION_FORM));
        return span(new Values.Span(ms, ms + 1));
    }

    /** A moment or length of time is a span: what lies after it is behind its end. */
    private Query span(Values.@Nullable Span span) throws QuerySyntaxException {
        if (span == null) {
            throw bad(Values.TIME_FORM);
        }
        long least = Long.MIN_VALUE;
        long most = Long.MAX_VALUE;
        return switch (operator()) {
            case EQUAL -> new Query.Between(field, span.fromMs(), span.toMs(), false);
            case UNEQUAL -> new Query.Between(field, span.fromMs(), span.toMs(), true);
            case LESS -> new Query.Between(field, least, span.fromMs(), false);
            case LESS_OR_EQUAL -> new Query.Between(field, least, span.toMs(), false);
            case GREATER -> new Query.Between(field, span.toMs(), most, false);
            case GREATER_OR_EQUAL -> new Query.Between(field, span.fromMs(), most, false);
        };
    }

    private Query parameter() throws QuerySyntaxException {
        OptionalDouble number = isQuoted ? OptionalDouble.empty() : Values.number(value);
        if (operator().ordered()) {
            if (number.isEmpty()) {
                throw bad(
                        "a number behind " + sign + " (" + Values.NUMBER_FORM + "); texts are compared by : = and !=");
            }
            return new Query.Compare(field, operator(), number.getAsDouble());
        }
        Query.Like like = like(operator());
        return number.isEmpty()
                ? like
                : new Query.Either(new Query.Compare(field, operator(), number.getAsDouble()), like);
    }

    private Query.Like like(Operator operator) {
        return new Query.Like(
                field, isQuoted ? Pattern.exactly(value) : Pattern.of(value), operator == Operator.UNEQUAL);
    }

    private Operator operator() {
        for (Operator operator : Operator.values()) {
            if (operator.sign().equals(sign)) {
                return operator;
            }
        }
        return Operator.EQUAL; // :
    }

    private Operator equalOrNot(String form) throws QuerySyntaxException {
        if (operator().ordered()) {
            throw new QuerySyntaxException(
                    query,
                    signAt,
                    name + " is no number and cannot be compared by " + sign,
                    name + ": = or != and " + form);
        }
        return operator();
    }

    private QuerySyntaxException bad(String form) {
        String shown = value.length() <= 40 ? value : value.substring(0, 40) + "…";
        return new QuerySyntaxException(query, valueAt, name + " cannot be \"" + shown + "\"", form);
    }

    private String form() {
        return switch (field.kind()) {
            case NUMBER -> Values.NUMBER_FORM;
            case TIME -> Values.TIME_FORM;
            case DURATION -> Values.DURATION_FORM;
            case STATE -> "one of " + String.join(", ", Field.STATES);
            case TRUTH -> "true or false";
            case WORD, WORDS, TEXT, PARAMETER -> "a word, a number or \"a text\"";
        };
    }

    private String lower() {
        return value.toLowerCase(Locale.ROOT);
    }
}
