package io.gradwatch.telemetry.query;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a query; docs/query.md describes the language.
 *
 * <pre>
 * any   = all { OR all }
 * all   = one { [AND] one }
 * one   = ( "-" | NOT ) one | "(" any ")" | quoted | field operator value | word
 * </pre>
 */
public final class QueryParser {
    /** Most characters of a query. */
    public static final int MOST_CHARACTERS = 2_000;

    private static final int MOST_DEPTH = 30;
    private static final int MOST_CONDITIONS = 100;
    private static final String CONDITION = "a word, \"a text\", a condition such as lr<0.01, or ( … )";

    private final String text;
    private final Instant now;
    private int at;
    private int depth;
    private int conditions;

    private QueryParser(String text, Instant now) {
        this.text = text;
        this.now = now;
    }

    /**
     * Reads a text, whatever it holds.
     *
     * @param text an empty one asks for all runs
     * @param now what times such as {@code started>7d} count back from
     * @throws QuerySyntaxException with the place, when it is no query
     */
    public static Query parse(String text, Instant now) throws QuerySyntaxException {
        if (text.length() > MOST_CHARACTERS) {
            throw new QuerySyntaxException(
                    text,
                    MOST_CHARACTERS,
                    "the query goes on",
                    "a query of at most " + MOST_CHARACTERS + " characters");
        }
        QueryParser parser = new QueryParser(text, now);
        parser.skipSpaces();
        if (parser.ended()) {
            return Query.ALL;
        }
        Query query = parser.any();
        if (!parser.ended()) {
            throw parser.error(parser.at, "there is no ( for this )", CONDITION);
        }
        return query;
    }

    private Query any() throws QuerySyntaxException {
        List<Query> parts = new ArrayList<>();
        do {
            parts.add(all());
        } while (keyword("OR"));
        return parts.size() == 1 ? parts.get(0) : new Query.Or(parts);
    }

    private Query all() throws QuerySyntaxException {
        List<Query> parts = new ArrayList<>();
        do {
            parts.add(one());
            if (keyword("AND")) {
                continue;
            }
            if (ended() || peek() == ')' || isKeyword("OR")) {
                break;
            }
        } while (true);
        return parts.size() == 1 ? parts.get(0) : new Query.And(parts);
    }

    private Query one() throws QuerySyntaxException {
        if (ended()) {
            throw error(at, "the query ends where a condition should be", CONDITION);
        }
        if (isKeyword("OR") || isKeyword("AND") || peek() == ')') {
            throw error(at, "a condition is missing", CONDITION);
        }
        if (++depth > MOST_DEPTH) {
            throw error(at, "it is nested too deeply", "at most " + MOST_DEPTH + " levels");
        }
        Query query;
        if (keyword("NOT")) {
            query = new Query.Not(one());
        } else if (peek() == '-') {
            at++;
            if (ended() || Character.isWhitespace(peek())) {
                throw error(at, "nothing follows the -", CONDITION + " without a space before it");
            }
            query = new Query.Not(one());
        } else if (peek() == '(') {
            query = group();
        } else {
            if (++conditions > MOST_CONDITIONS) {
                throw error(at, "there are too many conditions", "at most " + MOST_CONDITIONS);
            }
            query = condition();
        }
        depth--;
        skipSpaces();
        return query;
    }

    private Query group() throws QuerySyntaxException {
        int open = at++;
        skipSpaces();
        Query inner = any();
        if (ended()) {
            throw error(open, "the ( is not closed", "( … )");
        }
        at++;
        return inner;
    }

    private Query condition() throws QuerySyntaxException {
        if (peek() == '"') {
            return new Query.Text(quoted());
        }
        int start = at;
        int end = at;
        while (end < text.length() && isPlain(text.charAt(end)) && signAt(end) == null) {
            end++;
        }
        String sign = end < text.length() ? signAt(end) : null;
        if (sign == null) {
            at = end;
            return new Query.Text(text.substring(start, end));
        }
        String name = text.substring(start, end);
        if (!Field.isName(name)) {
            throw error(
                    start,
                    name.isEmpty() ? "there is no name before " + sign : "\"" + shortened(name) + "\" is no name",
                    "a name of letters, digits, _ . - that begins with a letter; a text with " + sign
                            + " in it goes in \"…\"");
        }
        at = end + sign.length();
        int valueAt = at;
        boolean isQuoted = !ended() && peek() == '"';
        String value = isQuoted ? quoted() : bare();
        return new Conditions(text, now, Field.of(name), name, end, sign, valueAt, value, isQuoted).read();
    }

    private String bare() throws QuerySyntaxException {
        int start = at;
        while (!ended() && isPlain(peek())) {
            at++;
        }
        return text.substring(start, at);
    }

    private String quoted() throws QuerySyntaxException {
        int open = at++;
        StringBuilder inner = new StringBuilder();
        while (!ended() && peek() != '"') {
            if (peek() == '\\' && at + 1 < text.length()) {
                at++;
            }
            inner.append(peek());
            at++;
        }
        if (ended()) {
            throw error(open, "the \" is not closed", "\"a text\", with \\\" for a quotation mark in it");
        }
        at++;
        return inner.toString();
    }

    private @Nullable String signAt(int index) {
        for (String sign : List.of("!=", "<=", ">=", "<", ">", "=", ":")) {
            if (text.startsWith(sign, index)) {
                return sign;
            }
        }
        return null;
    }

    private boolean keyword(String word) {
        if (!isKeyword(word)) {
            return false;
        }
        at += word.length();
        skipSpaces();
        return true;
    }

    private boolean isKeyword(String word) {
        int end = at + word.length();
        return text.startsWith(word, at)
                && (end == text.length()
                        || Character.isWhitespace(text.charAt(end))
                        || text.charAt(end) == '('
                        || text.charAt(end) == ')');
    }

    private void skipSpaces() {
        while (!ended() && Character.isWhitespace(peek())) {
            at++;
        }
    }

    private boolean ended() {
        return at >= text.length();
    }

    private char peek() {
        return text.charAt(at);
    }

    private static boolean isPlain(char c) {
        return !Character.isWhitespace(c) && c != '(' && c != ')' && c != '"';
    }

    private QuerySyntaxException error(int position, String problem, String accepted) {
        return new QuerySyntaxException(text, position, problem, accepted);
    }

    private static String shortened(String name) {
        return name.length() <= 40 ? name : name.substring(0, 40) + "…";
    }
}
