package io.gradwatch.telemetry.rules;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.telemetry.rules.AlertMachine.Move;
import io.gradwatch.telemetry.rules.AlertMachine.Step;
import io.gradwatch.telemetry.rules.AlertState.Opening;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.gradwatch.telemetry.stream.RunDescription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges a run record by record. Immutable, safe for any thread.
 *
 * <p>The rules look at x, the smoothed log10 of each main-path layer's mean |gradient| (half-life 20 iterations, zero
 * counts as 1e-38). What is not there is not judged:
 *
 * <ul>
 *   <li>a layer whose gradient is NaN or infinite is left out of that iteration;
 *   <li>an iteration without any usable gradient changes no counter and no alert;
 *   <li>an iteration that never arrived is not counted.
 * </ul>
 */
public final class RuleEngine {
    /** Iterations after which a value counts half in the smoothed gradient. */
    static final double HALF_LIFE = 20;

    private final List<Rule> rules;

    RuleEngine(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** All rules with their standard parameters. */
    public static RuleEngine standard() {
        return new RuleEngine(List.of(VanishFloor.STANDARD, VanishDepth.STANDARD));
    }

    /** The rules, in the order in which they are evaluated. */
    public List<RuleDescription> descriptions() {
        return rules.stream().map(RuleEngine::described).toList();
    }

    private static RuleDescription described(Rule rule) {
        RuleDescription d = rule.description();
        Map<String, Double> parameters = new LinkedHashMap<>(d.parameters());
        parameters.put("half_life_iterations", HALF_LIFE);
        return new RuleDescription(d.rule(), d.version(), d.severity(), d.description(), parameters);
    }

    /**
     * Evaluates the next record of a run. Pure: the same arguments give the same verdict.
     *
     * <p>Records of a run must come in the order of the log. A record that the state has seen ({@code seq} not above its
     * own) gives back the state itself and no transitions. So do, but for the state's {@code seq}, an iteration that
     * repeats within its attempt, and a straggler of an attempt that another one has followed. A newer attempt goes on
     * with the state, whichever iteration it starts at.
     *
     * @param run of this record's attempt; tells names and which layers are main path
     * @param state what the record before gave, or {@link RunState#EMPTY}
     */
    public Verdict evaluate(RunDescription run, IterationRecord record, RunState state) {
        if (record.seq() <= state.seq()) {
            return new Verdict(state, List.of());
        }
        long iteration = record.iteration().getIteration();
        if (record.attempt() < state.attempt()
                || (record.attempt() == state.attempt() && iteration <= state.iteration())) {
            return new Verdict(
                    new RunState(
                            state.attempt(),
                            state.iteration(),
                            record.seq(),
                            state.evaluated(),
                            state.smoothed(),
                            state.alerts()),
                    List.of());
        }
        LayerStatistics statistics = record.iteration().getLayers();
        SmoothedGradient smoothed = statistics.getMeanAbsCount() == 0
                ? state.smoothed()
                : state.smoothed().with(statistics, HALF_LIFE);
        DepthProfile profile = DepthProfile.of(run.started(), statistics, smoothed);
        if (profile.size() == 0) {
            return new Verdict(
                    new RunState(
                            record.attempt(), iteration, record.seq(), state.evaluated(), smoothed, state.alerts()),
                    List.of());
        }
        long evaluated = state.evaluated() + 1;
        Map<String, AlertState> alerts = new HashMap<>();
        List<Alert> transitions = new ArrayList<>(0);
        for (Rule rule : rules) {
            Step step = AlertMachine.step(
                    state.alert(rule),
                    rule.read(profile),
                    rule.timing(),
                    evaluated,
                    new Opening(record.attempt(), iteration, record.seq()));
            AlertState after = step.after();
            for (Move move : step.moves()) {
                Transition transition = Transition.of(rule, move, profile, record);
                transitions.add(transition.alert());
                if (after.phase() != AlertState.Phase.INACTIVE) {
                    after = after.concerning(transition.concern());
                }
            }
            alerts.put(RunState.key(rule), after);
        }
        return new Verdict(
                new RunState(record.attempt(), iteration, record.seq(), evaluated, smoothed, alerts), transitions);
    }
}
