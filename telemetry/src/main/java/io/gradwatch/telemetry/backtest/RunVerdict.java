package io.gradwatch.telemetry.backtest;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the rules said of one run.
 *
 * @param labels what people say of it; empty: nothing
 * @param iterations records of iterations that were read
 * @param evident when its trouble could be seen without rules
 * @param rules one for each rule, in the order in which they are evaluated
 */
public record RunVerdict(
        String runId, String name, Set<String> labels, long iterations, Evident evident, List<RuleVerdict> rules) {
    /** The label of a run that nothing is wrong with. */
    public static final String HEALTHY = "healthy";

    public RunVerdict {
        labels = Set.copyOf(labels);
        rules = List.copyOf(rules);
    }

    /** Whether people say that nothing is wrong with it. */
    public boolean isHealthy() {
        return labels.equals(Set.of(HEALTHY));
    }

    /** Of a rule; empty: there is no such rule. */
    public Optional<RuleVerdict> rule(String name) {
        return rules.stream().filter(rule -> rule.rule().equals(name)).findFirst();
    }

    /** Labels in the order of the alphabet, for people. */
    public List<String> sortedLabels() {
        return List.copyOf(new TreeSet<>(labels));
    }
}
