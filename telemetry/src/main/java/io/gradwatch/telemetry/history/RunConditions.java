package io.gradwatch.telemetry.history;

import io.gradwatch.telemetry.query.Field;
import io.gradwatch.telemetry.query.Operator;
import io.gradwatch.telemetry.query.Pattern;
import io.gradwatch.telemetry.query.Query;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Queries as SQL over {@link RunColumns#TABLES}. Every text and number of a query is bound, never written into the
 * statement; a leaf is false where a run has no value, so that only {@code NOT} turns what is missing into a match.
 */
final class RunConditions {
    private RunConditions() {}

    static Sql.Part of(Query query) {
        if (query instanceof Query.And and) {
            return joined(and.parts(), " AND ", "true");
        } else if (query instanceof Query.Or or) {
            return joined(or.parts(), " OR ", "false");
        } else if (query instanceof Query.Not not) {
            return of(not.part()).within("NOT (", ")");
        } else if (query instanceof Query.Text text) {
            return text(text.text());
        } else if (query instanceof Query.Either either) {
            Sql.Part number = RunColumns.number(either.number().field());
            return certain(number.within("CASE WHEN ", " IS NOT NULL THEN ")
                    .with(compare(
                            number, either.number().operator(), either.number().value()))
                    .with(" ELSE ")
                    .with(like(either.text()))
                    .with(" END"));
        } else if (query instanceof Query.Test test) {
            return certain(test(test));
        }
        throw new IllegalArgumentException(query.toString());
    }

    private static Sql.Part joined(List<Query> parts, String word, String none) {
        Sql.Part all = Sql.part(parts.isEmpty() ? none : "");
        for (int i = 0; i < parts.size(); i++) {
            all = all.with(i == 0 ? "(" : word + "(").with(of(parts.get(i))).with(")");
        }
        return all;
    }

    private static Sql.Part test(Query.Test test) {
        if (test instanceof Query.Like like) {
            return like(like);
        } else if (test instanceof Query.Contains contains) {
            return RunColumns.text(contains.field()).within("contains(lower(", "), ?)", contains.text());
        } else if (test instanceof Query.Compare compare) {
            return compare(RunColumns.number(compare.field()), compare.operator(), compare.value());
        } else if (test instanceof Query.IsNan nan) {
            return RunColumns.number(nan.field()).within(nan.negated() ? "NOT isnan(" : "isnan(", ")");
        } else if (test instanceof Query.Between between) {
            return RunColumns.milliseconds(between.field())
                    .within(between.negated() ? "NOT (" : "(", " BETWEEN ? AND ?)", between.from(), between.to() - 1);
        }
        throw new IllegalArgumentException(test.toString());
    }

    private static Sql.Part compare(Sql.Part number, Operator operator, double value) {
        String sign = operator == Operator.UNEQUAL ? "<>" : operator.sign();
        return number.within("(", " " + sign + " CAST(? AS DOUBLE)", value)
                .with(number.within(" AND NOT isnan(", "))"));
    }

    private static Sql.Part like(Query.Like like) {
        Function<String, Sql.Part> matches = expression -> matches(expression, like.pattern());
        if (like.field().kind() != Field.Kind.WORDS) {
            Sql.Part column = RunColumns.text(like.field());
            return matches.apply(column.sql()).after(column).within(like.negated() ? "NOT (" : "(", ")");
        }
        if (like.field().name().equals("alert")) {
            Sql.Part raised = matches.apply("split_part(alert_id, '/', 2)")
                    .within("run_key IN (SELECT run_key FROM transitions WHERE ", ")");
            return like.negated()
                    ? raised.within("(run_key IN (SELECT run_key FROM transitions) AND NOT ", ")")
                    : raised;
        }
        String words = RunColumns.words(like.field());
        Sql.Part found = matches.apply("w").within("len(list_filter(" + words + ", lambda w: ", ")) > 0");
        return like.negated() ? found.within("(len(" + words + ") > 0 AND NOT ", ")") : found;
    }

    private static Sql.Part matches(String expression, Pattern pattern) {
        if (pattern.parts().size() == 1) {
            return Sql.part("lower(" + expression + ") = ?", pattern.parts().get(0));
        }
        String like = String.join(
                "%",
                pattern.parts().stream()
                        .map(part -> part.replaceAll("[\\\\%_]", "\\\\$0"))
                        .toList());
        return Sql.part("lower(" + expression + ") LIKE ? ESCAPE '\\'", like);
    }

    private static Sql.Part text(String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        Sql.Part any = Sql.part("false");
        for (String name : List.of("id", "name", "preset", "notes")) {
            any = any.with(certain(RunColumns.text(Field.of(name)).within("contains(lower(", "), ?)", wanted))
                    .within(" OR ", ""));
        }
        for (String name : List.of("tag", "label")) {
            any = any.with(certain(Sql.part(
                            "len(list_filter(" + RunColumns.words(Field.of(name))
                                    + ", lambda w: contains(lower(w), ?))) > 0",
                            wanted))
                    .within(" OR ", ""));
        }
        return any.within("(", ")");
    }

    private static Sql.Part certain(Sql.Part condition) {
        return condition.within("coalesce(", ", false)");
    }
}
