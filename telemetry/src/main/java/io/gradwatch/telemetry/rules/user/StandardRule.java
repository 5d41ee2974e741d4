package io.gradwatch.telemetry.rules.user;

import io.gradwatch.telemetry.rules.Adjustment;
import io.gradwatch.telemetry.rules.Rule;
import io.gradwatch.telemetry.rules.Span;
import io.gradwatch.telemetry.rules.user.Node.Mapping;
import io.gradwatch.telemetry.rules.user.Node.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A standard rule as a file leaves it. */
record StandardRule(Rule rule, RuleSet.Entry entry) {
    private static final List<String> OTHER = List.of("for", "keep", "warm_up", "catches", "action", "dry_run");

    static StandardRule unchanged(Rule rule) {
        return of(rule, true, 0, List.of(), List.of(), Optional.empty());
    }

    private static StandardRule of(
            Rule rule,
            boolean enabled,
            int line,
            List<String> changes,
            List<String> catches,
            Optional<RuleAction> action) {
        return new StandardRule(
                rule,
                new RuleSet.Entry(
                        rule.description(), true, enabled, line, changes, rule.inhibitors(), catches, action));
    }

    boolean enabled() {
        return entry.enabled();
    }

    /** {@code off}, {@code on}, or a mapping of its parameters. */
    static StandardRule read(Rule rule, Node node, Problems problems) {
        if (node instanceof Mapping mapping) {
            return adjusted(rule, mapping, problems);
        }
        if (node instanceof Scalar scalar) {
            switch (scalar.text()) {
                case "off", "false", "no":
                    return of(rule, false, node.line(), List.of(), List.of(), Optional.empty());
                case "on", "true", "yes":
                    return unchanged(rule);
                default:
                    break;
            }
        }
        problems.at(
                node,
                rule.name() + " is " + Node.kind(node) + "; accepted is off, or a mapping of "
                        + String.join(", ", names(rule)));
        return unchanged(rule);
    }

    private static List<String> names(Rule rule) {
        List<String> names = new ArrayList<>(Adjustment.names(rule));
        names.addAll(OTHER);
        return names;
    }

    private static StandardRule adjusted(Rule rule, Mapping mapping, Problems problems) {
        int before = problems.count();
        Fields fields = new Fields(mapping, rule.name(), names(rule), problems);
        Map<String, Double> parameters = new LinkedHashMap<>();
        List<String> changes = new ArrayList<>();
        for (String name : Adjustment.names(rule)) {
            Double value = fields.read(name, Texts::number);
            double standard = Adjustment.value(rule, name);
            if (value != null && value != standard) {
                parameters.put(name, value);
                changes.add(name + " " + Texts.show(value) + " instead of " + Texts.show(standard));
            }
        }
        Span forSpan = fields.read("for", Texts::span);
        Span keepSpan = fields.read("keep", Texts::span);
        Integer warmUp = fields.read("warm_up", Texts::iterations);
        if (forSpan != null && !forSpan.equals(rule.timing().forSpan())) {
            changes.add("for " + forSpan + " instead of " + rule.timing().forSpan());
        }
        if (keepSpan != null && !keepSpan.equals(rule.timing().keepSpan())) {
            changes.add("keep " + keepSpan + " instead of " + rule.timing().keepSpan());
        }
        if (warmUp != null && warmUp != rule.timing().warmUpIterations()) {
            changes.add("warm_up " + warmUp + " iterations instead of "
                    + rule.timing().warmUpIterations());
        }
        List<String> catches = RuleReader.catches(fields, problems);
        Optional<RuleAction> action = RuleReader.action(fields, problems);
        if (problems.count() > before) {
            return unchanged(rule);
        }
        Rule made = rule;
        if (!changes.isEmpty()) {
            int version = UserRule.versionOf(rule.name() + " " + rule.version() + " " + changes);
            try {
                made = new Adjustment(parameters, forSpan, keepSpan, warmUp).of(rule, version);
            } catch (IllegalArgumentException e) {
                problems.at(mapping, String.valueOf(e.getMessage()));
            }
        }
        return of(made, true, mapping.line(), changes, catches, action);
    }
}
