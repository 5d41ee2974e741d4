package io.gradwatch.telemetry.rules.user;

import java.util.List;
import java.util.Map;

/** A message with placeholders: {@code {value}}; {@code {{} and }}} are braces. */
record Message(String text) {
    static final int MOST_CHARACTERS = 300;
    static final List<String> PLACEHOLDERS = List.of(
            "value", "threshold", "metric", "rule", "run", "iteration", "epoch", "layer", "layers", "of_layers");

    private static final int MOST_RENDERED = 1_000;

    static Message read(String text) throws BadText {
        if (text.isEmpty() || text.length() > MOST_CHARACTERS) {
            throw new BadText("accepted are 1 to " + MOST_CHARACTERS + " characters; it has " + text.length());
        }
        if (text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n')) {
            throw new BadText("accepted is text without control characters");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean twice = i + 1 < text.length() && text.charAt(i + 1) == c;
            if ((c == '{' || c == '}') && twice) {
                i++;
            } else if (c == '}') {
                throw new BadText("a } stands alone; accepted is }} for a brace");
            } else if (c == '{') {
                int end = text.indexOf('}', i);
                String name = end < 0 ? text.substring(i + 1) : text.substring(i + 1, end);
                if (!PLACEHOLDERS.contains(name)) {
                    throw new BadText("there is no placeholder {" + Node.shortened(name) + "}"
                            + Nearest.hint(name, PLACEHOLDERS) + "; accepted are {"
                            + String.join("}, {", PLACEHOLDERS) + "}, and {{ and }} for braces");
                }
                i = end;
            }
        }
        return new Message(text.replaceAll("\\s*\n\\s*", " "));
    }

    /** With every placeholder replaced; of bounded length whatever the values are. */
    String with(Map<String, String> values) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '{' && c != '}') {
                out.append(c);
            } else if (i + 1 < text.length() && text.charAt(i + 1) == c) {
                out.append(c);
                i++;
            } else {
                int end = text.indexOf('}', i);
                out.append(values.getOrDefault(text.substring(i + 1, end), ""));
                i = end;
            }
        }
        return out.length() <= MOST_RENDERED ? out.toString() : out.substring(0, MOST_RENDERED) + "…";
    }
}
