package io.gradwatch.telemetry.rules.user;

import java.util.List;

/** A piece of YAML with its place: lines and columns from 1 on. */
sealed interface Node {
    int line();

    int column();

    /**
     * @param plain without quotes
     * @param block begun by {@code >} or {@code |}
     */
    record Scalar(int line, int column, String text, boolean plain, boolean block) implements Node {
        /** Whether there is nothing: {@code name:}. */
        boolean isMissing() {
            return plain && (text.isEmpty() || text.equals("~") || text.equals("null"));
        }
    }

    record Sequence(int line, int column, List<Node> items) implements Node {}

    record Mapping(int line, int column, List<Entry> entries) implements Node {}

    record Entry(Scalar key, Node value) {}

    /** "a list", for messages. */
    static String kind(Node node) {
        if (node instanceof Scalar scalar) {
            return scalar.isMissing() ? "empty" : "\"" + shortened(scalar.text()) + "\"";
        }
        return node instanceof Sequence ? "a list" : "a mapping";
    }

    static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= 60 ? line : line.substring(0, 60) + "…";
    }
}
