package io.gradwatch.telemetry.rules;

import io.gradwatch.telemetry.stream.IterationRecord;
import io.gradwatch.telemetry.stream.RunDescription;
import java.util.List;

/** API draft. */
public final class RuleEngine {
    private RuleEngine() {}

    /** All rules with their standard parameters. */
    public static RuleEngine standard() {
        return new RuleEngine();
    }

    /** The rules, for {@code GET /rules}. */
    public List<RuleDescription> descriptions() {
        return List.of();
    }

    /**
     * Evaluates the next record of a run. Pure: the same arguments give the same verdict. Records must come in the order
     * of the log ({@code seq}); one that the state has already seen changes nothing.
     */
    public Verdict evaluate(RunDescription run, IterationRecord record, RunState state) {
        throw new UnsupportedOperationException(run + "" + record);
    }
}
