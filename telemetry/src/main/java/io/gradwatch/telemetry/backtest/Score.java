package io.gradwatch.telemetry.backtest;

import io.gradwatch.telemetry.backtest.Evident.Lead;
import io.gradwatch.telemetry.rules.RuleDescription;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How well a rule fits the labels of runs. Runs without labels are left out.
 *
 * @param rule with the labels that it is meant to catch
 * @param caught runs with one of its labels on which it fired
 * @param missed runs with one of its labels on which it did not
 * @param falseAlarms healthy runs on which it fired
 * @param quiet healthy runs on which it did not
 * @param beside runs with other troubles on which it fired: neither a hit nor a false alarm, for one trouble brings others
 * @param leads of the caught runs for which it is defined when their trouble was evident
 */
public record Score(
        RuleDescription rule, int caught, int missed, int falseAlarms, int quiet, int beside, List<Lead> leads) {
    public Score {
        leads = List.copyOf(leads);
    }

    static Score of(RuleDescription rule, List<RunVerdict> runs) {
        int caught = 0;
        int missed = 0;
        int falseAlarms = 0;
        int quiet = 0;
        int beside = 0;
        List<Lead> leads = new ArrayList<>();
        for (RunVerdict run : runs) {
            RuleVerdict verdict = run.rule(rule.rule()).orElseThrow();
            Set<String> meant = new HashSet<>(run.labels());
            meant.retainAll(rule.catches());
            boolean fired = verdict.fired();
            if (run.labels().isEmpty()) {
                continue;
            } else if (!meant.isEmpty()) {
                caught += fired ? 1 : 0;
                missed += fired ? 0 : 1;
                lead(run, verdict, meant).ifPresent(leads::add);
            } else if (run.isHealthy()) {
                falseAlarms += fired ? 1 : 0;
                quiet += fired ? 0 : 1;
            } else {
                beside += fired ? 1 : 0;
            }
        }
        return new Score(rule, caught, missed, falseAlarms, quiet, beside, leads);
    }

    private static Optional<Lead> lead(RunVerdict run, RuleVerdict verdict, Set<String> labels) {
        if (!Evident.isDefined(labels)) {
            return Optional.empty();
        }
        OptionalLong evident = run.evident().at(labels);
        return verdict.first()
                .map(step -> new Lead(evident.orElse(run.evident().end()) - step.iteration(), evident.isEmpty()));
    }

    /** Share of its alarms that were right, of those on healthy runs and on runs with its labels; empty without any. */
    public OptionalDouble precision() {
        return share(caught, falseAlarms);
    }

    /** Share of the runs with its labels on which it fired; empty without any. */
    public OptionalDouble recall() {
        return share(caught, missed);
    }

    private static OptionalDouble share(int some, int others) {
        return some + others == 0 ? OptionalDouble.empty() : OptionalDouble.of(some / (double) (some + others));
    }

    /** The middle one of the leads, the shorter of two; empty without any. */
    public Optional<Lead> medianLead() {
        List<Lead> sorted = leads.stream()
                .sorted(Comparator.comparingLong(Lead::iterations))
                .toList();
        return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.get((sorted.size() - 1) / 2));
    }

    /** The shortest lead; empty without any. */
    public Optional<Lead> leastLead() {
        return leads.stream().min(Comparator.comparingLong(Lead::iterations));
    }
}
