package io.gradwatch.telemetry.rules.user;

import io.gradwatch.telemetry.rules.Parameters;
import io.gradwatch.telemetry.rules.Rule;
import io.gradwatch.telemetry.rules.Span;
import io.gradwatch.telemetry.rules.user.Node.Mapping;
import io.gradwatch.telemetry.rules.user.Node.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A standard rule as a file leaves it. */
record StandardRule(Rule rule, RuleSet.Entry entry) {
    private static final List<String> OTHER = List.of("for", "keep", "warm_up", "catches", "action", "dry_run");
    /** Files say for, keep and warm_up instead. */
    private static final Pattern TIMING = Pattern.compile("(for|keep)_(iterations|epochs|seconds)|warm_up_iterations");

    static StandardRule unchanged(Rule rule) {
        return of(rule, true, 0, List.of(), Optional.empty());
    }

    private static StandardRule of(
            Rule rule, boolean enabled, int line, List<String> changes, Optional<RuleAction> action) {
        return new StandardRule(
                rule,
                new RuleSet.Entry(
                        rule.description(),
                        true,
                        enabled,
                        line,
                        changes,
                        rule.inhibitors(),
                        List.copyOf(new TreeSet<>(rule.catches())),
                        action));
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
                    return of(rule, false, node.line(), List.of(), Optional.empty());
                case "on", "true", "yes":
                    return unchanged(rule);
                default:
                    break;
            }
        }
        problems.at(
                node,
                rule.name() + " is " + Node.kind(node) + "; accepted is off, or a mapping of "
                        + String.join(", ", fields(rule)));
        return unchanged(rule);
    }

    /** Names of the parameters that a file can change, besides for, keep and warm_up. */
    static List<String> parameters(Rule rule) {
        return Parameters.names(rule).stream()
                .filter(name -> !TIMING.matcher(name).matches())
                .toList();
    }

    private static List<String> fields(Rule rule) {
        List<String> names = new ArrayList<>(parameters(rule));
        names.addAll(OTHER);
        return names;
    }

    private static StandardRule adjusted(Rule rule, Mapping mapping, Problems problems) {
        int before = problems.count();
        Fields fields = new Fields(mapping, rule.name(), fields(rule), problems);
        Map<String, Double> values = new LinkedHashMap<>();
        List<String> changes = new ArrayList<>();
        Map<String, Double> standard = rule.description().parameters();
        for (String name : parameters(rule)) {
            Double value = fields.read(name, text -> parameter(name, text));
            if (value != null && !value.equals(standard.get(name))) {
                values.put(name, value);
                changes.add(name + " " + Texts.show(value) + instead(standard.get(name)));
            }
        }
        span(fields, "for", rule.timing().forSpan(), values, changes);
        span(fields, "keep", rule.timing().keepSpan(), values, changes);
        Integer warmUp = fields.read("warm_up", Texts::iterations);
        if (warmUp != null && warmUp != rule.timing().warmUpIterations()) {
            values.put("warm_up_iterations", (double) warmUp);
            changes.add("warm_up " + warmUp + " iterations instead of "
                    + rule.timing().warmUpIterations());
        }
        List<String> catches = RuleReader.catches(fields, problems);
        Optional<RuleAction> action = RuleReader.action(fields, problems);
        if (problems.count() > before) {
            return unchanged(rule);
        }
        try {
            int version = changes.isEmpty()
                    ? rule.version()
                    : UserRule.versionOf(rule.name() + " " + rule.version() + " " + changes);
            Set<String> labels = fields.has("catches") ? Set.copyOf(catches) : rule.catches();
            return of(
                    new AdjustedRule(Parameters.change(rule, values), version, labels),
                    true,
                    mapping.line(),
                    changes,
                    action);
        } catch (IllegalArgumentException e) {
            problems.at(mapping, String.valueOf(e.getMessage()));
            return unchanged(rule);
        }
    }

    private static String instead(@Nullable Double standard) {
        return standard == null ? "" : " instead of " + Texts.show(standard);
    }

    private static double parameter(String name, String text) throws BadText {
        double value = Texts.number(text);
        if (name.contains("share") && !(value >= 0 && value <= 1)) {
            throw new BadText("accepted are shares from 0 to 1");
        }
        return value;
    }

    private static void span(
            Fields fields, String name, Span standard, Map<String, Double> values, List<String> changes) {
        Span span = fields.read(name, Texts::span);
        if (span != null && !span.equals(standard)) {
            values.put(name + "_" + span.unitName(), span.amount());
            changes.add(name + " " + span + " instead of " + standard);
        }
    }
}
