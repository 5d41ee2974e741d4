package io.gradwatch.telemetry.rules.user;

import io.gradwatch.telemetry.rules.user.Node.Entry;
import io.gradwatch.telemetry.rules.user.Node.Mapping;
import io.gradwatch.telemetry.rules.user.Node.Scalar;
import io.gradwatch.telemetry.rules.user.Node.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a mapping, each at most once and with a known name. */
final class Fields {
    /** Reads a text. */
    interface Reader<T> {
        T read(String text) throws BadText;
    }

    private final Mapping mapping;
    private final Problems problems;
    private final Map<String, Node> values = new LinkedHashMap<>();

    /** @param what "a rule", for messages */
    Fields(Mapping mapping, String what, List<String> accepted, Problems problems) {
        this.mapping = mapping;
        this.problems = problems;
        for (Entry entry : mapping.entries()) {
            String name = entry.key().text();
            if (!accepted.contains(name)) {
                problems.at(
                        entry.key(),
                        what + " has no \"" + Node.shortened(name) + "\"" + Nearest.hint(name, accepted)
                                + "; accepted are " + String.join(", ", accepted));
            } else if (values.putIfAbsent(name, entry.value()) != null) {
                problems.at(entry.key(), name + " is there twice; accepted is once");
            }
        }
    }

    @Nullable
    Node node(String name) {
        Node node = values.get(name);
        return node instanceof Scalar scalar && scalar.isMissing() ? null : node;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** Where to point at for a field, there or not. */
    Node place(String name) {
        Node node = values.get(name);
        return node == null ? mapping : node;
    }

    /** A text, or null when it is missing or wrong. */
    <T> @Nullable T read(String name, Reader<T> reader) {
        if (!has(name)) {
            return null;
        }
        Node node = place(name);
        if (!(node instanceof Scalar scalar)) {
            problems.at(node, name + " is " + Node.kind(node) + "; accepted is one value");
            return null;
        }
        if (scalar.block() && scalar.text().length() < 40) {
            problems.at(node, name + ": a > or | begins a block of text in YAML; put the value into quotes");
            return null;
        }
        if (scalar.isMissing()) {
            problems.at(node, name + " is empty; leave it out, or give it a value");
            return null;
        }
        try {
            return reader.read(scalar.text().strip());
        } catch (BadText e) {
            problems.at(node, name + " is \"" + Node.shortened(scalar.text()) + "\": " + e.getMessage());
            return null;
        }
    }

    /** A text that must be there. */
    <T> @Nullable T need(String name, String accepted, Reader<T> reader) {
        if (!has(name)) {
            problems.at(mapping, name + " is missing; accepted is " + accepted);
            return null;
        }
        return read(name, reader);
    }

    /** One text or a list of them; empty when it is missing. */
    List<Scalar> texts(String name) {
        Node node = values.get(name);
        if (node == null) {
            return List.of();
        }
        List<Scalar> texts = new ArrayList<>();
        for (Node item : node instanceof Sequence list ? list.items() : List.of(node)) {
            if (item instanceof Scalar text && !text.isMissing()) {
                texts.add(text);
            } else {
                problems.at(item, name + " holds " + Node.kind(item) + "; accepted is a text or a list of texts");
            }
        }
        return texts;
    }
}
