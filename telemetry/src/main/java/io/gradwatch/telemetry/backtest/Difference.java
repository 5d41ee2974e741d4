package io.gradwatch.telemetry.backtest;

import io.gradwatch.telemetry.backtest.RuleVerdict.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An alert of one run that is not as it is with the rules of today. The first alert of a rule is compared with its first, the
 * second with its second, and so on.
 *
 * @param was where it fires today; null: not at all
 * @param is where it would fire; null: not at all
 */
public record Difference(
        String runId,
        String name,
        String rule,
        @Nullable Step was,
        @Nullable Step is) {

    /** In one word. */
    public enum Kind {
        NEW,
        GONE,
        MOVED,
        SEVERITY
    }

    /** What is different. */
    public Kind kind() {
        if (was == null) {
            return Kind.NEW;
        }
        if (is == null) {
            return Kind.GONE;
        }
        return by() == 0 ? Kind.SEVERITY : Kind.MOVED;
    }

    /** Iterations by which it fires later; negative: earlier; 0 unless it has moved. */
    public long by() {
        return was == null || is == null ? 0 : is.iteration() - was.iteration();
    }

    /** All of a run. Rules that only today's set has do not count: they are left out on purpose. */
    static List<Difference> of(RunVerdict today, RunVerdict tried) {
        List<Difference> differences = new ArrayList<>();
        for (RuleVerdict rule : tried.rules()) {
            List<Step> was = today.rule(rule.rule()).map(RuleVerdict::firings).orElse(List.of());
            List<Step> is = rule.firings();
            for (int i = 0; i < Math.max(was.size(), is.size()); i++) {
                Difference difference = new Difference(
                        tried.runId(),
                        tried.name(),
                        rule.rule(),
                        i < was.size() ? was.get(i) : null,
                        i < is.size() ? is.get(i) : null);
                if (!difference.isNone()) {
                    differences.add(difference);
                }
            }
        }
        return differences;
    }

    private boolean isNone() {
        return was != null
                && is != null
                && by() == 0
                && was.alert().getSeverity() == is.alert().getSeverity();
    }
}
