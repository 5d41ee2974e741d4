package io.gradwatch.telemetry.rules.user;

import io.gradwatch.telemetry.rules.user.Node.Entry;
import io.gradwatch.telemetry.rules.user.Node.Mapping;
import io.gradwatch.telemetry.rules.user.Node.Scalar;
import io.gradwatch.telemetry.rules.user.Node.Sequence;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Text to a tree of plain YAML: without anchors, aliases, tags and further documents, and of bounded size. */
final class YamlReader {
    static final int MOST_CHARACTERS = 256 * 1024;
    private static final int MOST_DEPTH = 8;
    private static final int MOST_NODES = 20_000;

    /** A comparison that YAML takes for something of its own. */
    private static final Pattern UNQUOTED = Pattern.compile("^\\s*(?:- *)?(\\w+): *([>!&|*{%@].*)$");

    private final Problems problems;
    private final Iterator<Event> events;
    private int nodes;

    private YamlReader(Iterator<Event> events, Problems problems) {
        this.events = events;
        this.problems = problems;
    }

    /** The document; null when it is empty, or has a mistake in its form. */
    static @Nullable Node read(String text, Problems problems) {
        if (text.length() > MOST_CHARACTERS) {
            problems.at(1, 1, "the file has " + text.length() + " characters; accepted are at most " + MOST_CHARACTERS);
            return null;
        }
        LoadSettings settings = LoadSettings.builder()
                .setUseMarks(true)
                .setParseComments(false)
                .setCodePointLimit(MOST_CHARACTERS)
                .build();
        try {
            return new YamlReader(new Parse(settings).parseString(text).iterator(), problems).document();
        } catch (TooMuch e) {
            problems.at(e.line, e.column, String.valueOf(e.getMessage()));
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            int line = mark.map(Mark::getLine).orElse(0) + 1;
            int column = mark.map(Mark::getColumn).orElse(0) + 1;
            problems.at(line, column, "this is not YAML: " + e.getProblem() + hint(text, line));
        } catch (YamlEngineException e) {
            problems.at(1, 1, "this is not YAML: " + Node.shortened(String.valueOf(e.getMessage())));
        }
        return null;
    }

    private static String hint(String text, int line) {
        String[] lines = text.split("\n", -1);
        for (int at = Math.min(line, lines.length); at >= Math.max(1, line - 1); at--) {
            var unquoted = UNQUOTED.matcher(lines[at - 1]);
            if (unquoted.matches()) {
                String value = unquoted.group(2).strip();
                return "; " + value.charAt(0) + " has a meaning of its own in YAML: write " + unquoted.group(1) + ": \""
                        + Node.shortened(value).replace("\"", "'") + "\"";
            }
        }
        return "";
    }

    private @Nullable Node document() {
        Node root = null;
        boolean begun = false;
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof DocumentStartEvent) {
                if (begun) {
                    problems.at(line(event), column(event), "a second document begins; accepted is one");
                    return null;
                }
                begun = true;
            } else if (event instanceof NodeEvent) {
                root = node(event, 1);
            }
        }
        return root;
    }

    private Node node(Event event, int depth) {
        int line = line(event);
        int column = column(event);
        if (++nodes > MOST_NODES) {
            throw new TooMuch(line, column, "the file has more than " + MOST_NODES + " values");
        }
        if (depth > MOST_DEPTH) {
            throw new TooMuch(line, column, "this is nested more than " + MOST_DEPTH + " deep");
        }
        if (event instanceof NodeEvent named && named.getAnchor().isPresent()) {
            problems.at(line, column, "anchors and aliases (& and *) are not accepted; write it out, or use quotes");
        }
        if (event instanceof AliasEvent) {
            return new Scalar(line, column, "", true, false);
        }
        if (event instanceof ScalarEvent scalar) {
            String text = scalar.getValue();
            scalar.getTag()
                    .ifPresent(tag -> tag(
                            line,
                            column,
                            tag,
                            tag.startsWith("!=")
                                    ? "; write \"" + tag + (text.isEmpty() ? "" : " " + Node.shortened(text)) + "\""
                                    : ""));
            return new Scalar(
                    line, column, scalar.getValue(), scalar.isPlain(), scalar.isFolded() || scalar.isLiteral());
        }
        if (event instanceof SequenceStartEvent start) {
            start.getTag().ifPresent(tag -> tag(line, column, tag, ""));
            List<Node> items = new ArrayList<>();
            for (Event next = events.next(); next instanceof NodeEvent; next = events.next()) {
                items.add(node(next, depth + 1));
            }
            return new Sequence(line, column, List.copyOf(items));
        }
        if (event instanceof MappingStartEvent start) {
            start.getTag().ifPresent(tag -> tag(line, column, tag, ""));
            return mapping(line, column, depth);
        }
        throw new TooMuch(line, column, "this cannot be read");
    }

    private Mapping mapping(int line, int column, int depth) {
        List<Entry> entries = new ArrayList<>();
        for (Event next = events.next(); next instanceof NodeEvent; next = events.next()) {
            Node key = node(next, depth + 1);
            Node value = node(events.next(), depth + 1);
            if (key instanceof Scalar name) {
                entries.add(new Entry(name, value));
            } else {
                problems.at(key, "a key is " + Node.kind(key) + "; accepted is a name (quotes may be missing)");
            }
        }
        return new Mapping(line, column, List.copyOf(entries));
    }

    private void tag(int line, int column, String tag, String hint) {
        problems.at(line, column, "the tag " + Node.shortened(tag) + " is not accepted: values have no types" + hint);
    }

    private static int line(Event event) {
        return event.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }

    private static int column(Event event) {
        return event.getStartMark().map(Mark::getColumn).orElse(0) + 1;
    }

    private static final class TooMuch extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int line;
        private final int column;

        TooMuch(int line, int column, String message) {
            super(message, null, false, false);
            this.line = line;
            this.column = column;
        }
    }
}
