package io.gradwatch.telemetry.backtest;

import io.gradwatch.telemetry.rules.RuleDescription;
import io.gradwatch.telemetry.rules.RuleEngine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * What rules said of many runs.
 *
 * @param scores one for each rule, in the order in which they are evaluated
 * @param runs in the order in which they were asked for
 * @param compared whether the rules were compared with those of today: not when they are those, or have none in common
 * @param differences from the rules of today
 */
public record BacktestReport(
        List<Score> scores, List<RunVerdict> runs, boolean compared, List<Difference> differences) {
    public BacktestReport {
        scores = List.copyOf(scores);
        runs = List.copyOf(runs);
        differences = List.copyOf(differences);
    }

    /**
     * Judges runs one after another.
     *
     * @param today the rules that judge live
     * @param begun told the number of each run, from 0 on, before it is read
     */
    public static BacktestReport of(
            List<? extends RecordedRun> runs,
            RuleEngine rules,
            RuleEngine today,
            Backtest backtest,
            IntConsumer begun) {
        boolean compared = haveCommonRule(rules, today) && !rules.descriptions().equals(today.descriptions());
        List<RuleEngine> engines = compared ? List.of(rules, today) : List.of(rules);
        List<RunVerdict> verdicts = new ArrayList<>();
        List<Difference> differences = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            begun.accept(i);
            List<RunVerdict> judged = backtest.judge(runs.get(i), engines);
            verdicts.add(judged.get(0));
            if (compared) {
                differences.addAll(Difference.of(judged.get(1), judged.get(0)));
            }
        }
        List<Score> scores = rules.descriptions().stream()
                .map(rule -> Score.of(rule, verdicts))
                .toList();
        return new BacktestReport(scores, verdicts, compared, differences);
    }

    private static boolean haveCommonRule(RuleEngine a, RuleEngine b) {
        Set<String> names = new HashSet<>(
                a.descriptions().stream().map(RuleDescription::rule).toList());
        return b.descriptions().stream().map(RuleDescription::rule).anyMatch(names::contains);
    }
}
