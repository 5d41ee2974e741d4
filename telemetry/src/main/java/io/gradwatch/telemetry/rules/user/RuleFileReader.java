package io.gradwatch.telemetry.rules.user;

import io.gradwatch.telemetry.rules.Rule;
import io.gradwatch.telemetry.rules.RuleEngine;
import io.gradwatch.telemetry.rules.user.Node.Entry;
import io.gradwatch.telemetry.rules.user.Node.Mapping;
import io.gradwatch.telemetry.rules.user.Node.Scalar;
import io.gradwatch.telemetry.rules.user.Node.Sequence;
import io.gradwatch.telemetry.rules.user.RuleFile.Malformed;
import io.gradwatch.telemetry.rules.user.RuleFile.Valid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A whole file. */
final class RuleFileReader {
    static final int MOST_RULES = 100;

    private static final List<String> FIELDS = List.of("rules", "standard");

    private final String name;
    private final String text;
    private final Problems problems;
    private final Map<String, RuleReader.Read> own = new LinkedHashMap<>();
    private final Map<String, Integer> names = new LinkedHashMap<>();

    RuleFileReader(String name, String text) {
        this.name = name;
        this.text = text;
        this.problems = new Problems(name);
    }

    RuleFile read() {
        Node root = YamlReader.read(text, problems);
        List<StandardRule> standard =
                RuleEngine.standardRules().stream().map(StandardRule::unchanged).toList();
        if (root instanceof Mapping mapping) {
            Fields fields = new Fields(mapping, "a rule file", FIELDS, problems);
            rules(fields.node("rules"));
            standard = standard(fields.node("standard"), standard);
        } else if (root != null && !(root instanceof Scalar empty && empty.isMissing())) {
            problems.at(root, "a rule file is " + Node.kind(root) + "; accepted are rules: and standard:");
        }
        List<RuleReader.Read> ordered = ordered();
        if (problems.count() > 0) {
            return new Malformed(problems.all());
        }
        List<RuleSet.Entry> entries = new ArrayList<>();
        List<Rule> kept = new ArrayList<>();
        for (StandardRule rule : standard) {
            entries.add(rule.entry());
            if (rule.enabled()) {
                kept.add(rule.rule());
            }
        }
        for (RuleReader.Read read : ordered) {
            entries.add(new RuleSet.Entry(
                    read.rule().description(),
                    false,
                    true,
                    read.line(),
                    List.of(),
                    read.rule().inhibitors(),
                    read.catches(),
                    read.action()));
        }
        return new Valid(new RuleSet(
                name,
                text,
                entries,
                kept,
                ordered.stream().map(r -> (Rule) r.rule()).toList()));
    }

    private void rules(@Nullable Node node) {
        if (node == null) {
            return;
        }
        if (!(node instanceof Sequence list)) {
            problems.at(
                    node, "rules is " + Node.kind(node) + "; accepted is a list: lines that begin with \"- name:\"");
            return;
        }
        if (list.items().size() > MOST_RULES) {
            problems.at(
                    list.items().get(MOST_RULES),
                    "there are " + list.items().size() + " rules; accepted are at most " + MOST_RULES);
        }
        for (Node item :
                list.items().subList(0, Math.min(MOST_RULES, list.items().size()))) {
            if (!(item instanceof Mapping mapping)) {
                problems.at(
                        item, "a rule is " + Node.kind(item) + "; accepted is a mapping with name, metric and when");
                continue;
            }
            named(mapping);
            RuleReader.Read read = RuleReader.read(mapping, problems);
            if (read != null) {
                own.putIfAbsent(read.rule().name(), read);
            }
        }
    }

    private void named(Mapping mapping) {
        for (Entry entry : mapping.entries()) {
            if (entry.key().text().equals("name") && entry.value() instanceof Scalar scalar) {
                String rule = scalar.text().strip();
                if (isStandard(rule)) {
                    problems.at(
                            scalar,
                            rule + " is a standard rule; accepted is another name (under standard: its numbers can be"
                                    + " changed)");
                }
                Integer before = names.putIfAbsent(rule, scalar.line());
                if (before != null) {
                    problems.at(scalar, "a rule named " + Node.shortened(rule) + " is in line " + before + " already");
                }
                return;
            }
        }
    }

    private static boolean isStandard(String name) {
        return RuleEngine.standardRules().stream().anyMatch(r -> r.name().equals(name));
    }

    private List<StandardRule> standard(@Nullable Node node, List<StandardRule> rules) {
        if (node == null) {
            return rules;
        }
        List<String> known = rules.stream().map(r -> r.rule().name()).toList();
        if (!(node instanceof Mapping mapping)) {
            problems.at(
                    node,
                    "standard is " + Node.kind(node) + "; accepted are standard rules: plateau: off, or vanish-floor:"
                            + " {warning_share: 0.3}");
            return rules;
        }
        Fields fields = new Fields(mapping, "standard", known, problems);
        return rules.stream()
                .map(r -> fields.has(r.rule().name())
                        ? StandardRule.read(r.rule(), fields.place(r.rule().name()), problems)
                        : r)
                .toList();
    }

    /** A rule behind all that keep it from firing; the order of the file otherwise. */
    private List<RuleReader.Read> ordered() {
        List<String> known = new ArrayList<>();
        RuleEngine.standardRules().forEach(r -> known.add(r.name()));
        known.addAll(names.keySet());
        own.values()
                .forEach(read -> read.inhibitors().stream()
                        .filter(i -> !known.contains(i.text()))
                        .forEach(i -> problems.at(
                                i,
                                "inhibited_by: there is no rule " + Node.shortened(i.text())
                                        + Nearest.hint(i.text(), known) + "; accepted are the standard rules and those"
                                        + " of this file")));
        Map<String, RuleReader.Read> waiting = new LinkedHashMap<>(own);
        List<RuleReader.Read> ordered = new ArrayList<>();
        while (!waiting.isEmpty()) {
            List<RuleReader.Read> free = waiting.values().stream()
                    .filter(r -> r.rule().inhibitors().stream().noneMatch(waiting::containsKey))
                    .toList();
            if (free.isEmpty()) {
                waiting.values()
                        .forEach(r -> problems.at(
                                r.inhibitedBy(),
                                r.rule().name() + " is inhibited by a rule that is inhibited by it, directly or not"));
                return ordered;
            }
            free.forEach(r -> waiting.remove(r.rule().name()));
            ordered.addAll(free);
        }
        return ordered;
    }
}
