package io.gradwatch.telemetry.query;

/** A query that cannot be read. The message says what is wrong and what is accepted. */
public final class QuerySyntaxException extends Exception {
    private static final long serialVersionUID = 1;
    private static final int SHOWN_BEFORE = 60;
    private static final int SHOWN_AFTER = 20;

    private final String query;
    private final int position;
    private final String accepted;

    QuerySyntaxException(String query, int position, String problem, String accepted) {
        super(problem + " at character " + (query.codePointCount(0, position) + 1) + "; accepted is " + accepted);
        this.query = query;
        this.position = position;
        this.accepted = accepted;
    }

    /** Where it went wrong: index into the query, 0 to its length. */
    public int position() {
        return position;
    }

    /** What is accepted there. */
    public String accepted() {
        return accepted;
    }

    /** Two lines: the query around the place, and a caret below it. Control characters are shown as spaces. */
    public String caret() {
        int from = position <= SHOWN_BEFORE ? 0 : position - SHOWN_BEFORE;
        int to = Math.min(query.length(), position + SHOWN_AFTER);
        String before = shown(query.substring(from, position));
        String lead = from == 0 ? "" : "…";
        return lead + before + shown(query.substring(position, to)) + (to < query.length() ? "…" : "") + "\n"
                + " ".repeat(lead.length() + before.codePointCount(0, before.length())) + "^";
    }

    private static String shown(String text) {
        StringBuilder shown = new StringBuilder(text);
        for (int i = 0; i < shown.length(); i++) {
            if (Character.isISOControl(shown.charAt(i))) {
                shown.setCharAt(i, ' ');
            }
        }
        return shown.toString();
    }
}
