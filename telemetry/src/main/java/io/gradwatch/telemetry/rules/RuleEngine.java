package io.gradwatch.telemetry.rules;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.telemetry.rules.AlertMachine.Here;
import io.gradwatch.telemetry.rules.AlertMachine.Move;
import io.gradwatch.telemetry.rules.AlertMachine.Step;
import io.gradwatch.telemetry.rules.AlertState.Opening;
import io.gradwatch.telemetry.rules.Transition.Place;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.gradwatch.telemetry.stream.RunDescription;
import io.gradwatch.telemetry.stream.TrainerRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Judges a run event by event. Immutable, safe for any thread.
 *
 * <p>Rules on gradients look at x, the smoothed log10 of each main-path layer's mean |gradient| (half-life 20 iterations,
 * zero counts as 1e-38). What is not there is not judged:
 *
 * <ul>
 *   <li>a layer whose gradient is NaN or infinite is left out of that iteration;
 *   <li>an iteration without what a rule looks at changes none of its counters and none of its alerts;
 *   <li>an iteration that never arrived is not counted.
 * </ul>
 */
public final class RuleEngine {
    /** Iterations after which a value counts half in the smoothed gradient. */
    static final double HALF_LIFE = 20;

    private final List<Rule> rules;
    private final Set<String> keys;

    RuleEngine(List<Rule> rules) {
        this.rules = List.copyOf(rules);
        this.keys = rules.stream().map(RunState::key).collect(Collectors.toUnmodifiableSet());
    }

    /** All rules with their standard parameters. */
    public static RuleEngine standard() {
        return new RuleEngine(StandardRules.ALL);
    }

    /**
     * Rules of one's choice.
     *
     * @param rules in the order in which they are evaluated: a rule stands behind those that keep it from firing
     * @throws IllegalArgumentException two of them have the same name
     */
    public static RuleEngine of(List<Rule> rules) {
        Set<String> names = new LinkedHashSet<>();
        for (Rule rule : rules) {
            if (!names.add(rule.name())) {
                throw new IllegalArgumentException("two rules are named " + rule.name());
            }
        }
        return new RuleEngine(rules);
    }

    /**
     * The standard rules, some of them with other parameters.
     *
     * @param changes by rule, then by parameter as {@link RuleDescription#parameters} names it
     * @throws IllegalArgumentException there is no such rule or parameter, or its value is not accepted
     */
    public static RuleEngine standardWith(Map<String, Map<String, Double>> changes) {
        Set<String> unknown = new LinkedHashSet<>(changes.keySet());
        List<Rule> rules = new ArrayList<>();
        for (Rule rule : StandardRules.ALL) {
            unknown.remove(rule.name());
            rules.add(Parameters.change(rule, changes.getOrDefault(rule.name(), Map.of())));
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("there is no standard rule " + String.join(", ", unknown)
                    + "; accepted are "
                    + StandardRules.ALL.stream().map(Rule::name).collect(Collectors.joining(", ")));
        }
        return of(rules);
    }

    /** The rules with their standard parameters, in the order in which they are evaluated. */
    public static List<Rule> standardRules() {
        return StandardRules.ALL;
    }

    /** Whether it has this rule in this version: then what was remembered of a run goes on. */
    public boolean has(String rule, int version) {
        return keys.contains(RunState.key(rule, version));
    }

    /** The state without what rules have left in it that this engine does not have, in this version. */
    public RunState adopt(RunState state) {
        return state.of(keys);
    }

    /** The rules, in the order in which they are evaluated. */
    public List<RuleDescription> descriptions() {
        return rules.stream().map(RuleEngine::described).toList();
    }

    private static RuleDescription described(Rule rule) {
        RuleDescription d = rule.description();
        Map<String, Double> parameters = new LinkedHashMap<>(d.parameters());
        parameters.put("half_life_iterations", HALF_LIFE);
        return new RuleDescription(d.rule(), d.version(), d.severity(), d.description(), parameters, rule.catches());
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
            return new Verdict(state.seen(record.seq()), List.of());
        }
        LayerStatistics statistics = record.iteration().getLayers();
        SmoothedGradient smoothed = statistics.getMeanAbsCount() == 0
                ? state.smoothed()
                : state.smoothed().with(statistics, HALF_LIFE);
        long evaluated = state.evaluated() + 1;
        boolean newAttempt = state.attempt() > 0 && record.attempt() > state.attempt();
        Trace trace = state.trace().with(record.iteration(), evaluated, newAttempt);
        Signals signals = new Signals(
                run.started(),
                record.attempt(),
                record.iteration(),
                null,
                null,
                DepthProfile.of(run.started(), statistics, smoothed),
                trace,
                evaluated,
                Set.of());
        Place place = new Place(record.runId(), record.partition(), record.seq(), iteration, record.producedAtMs());
        Judged judged = judge(signals, place, state);
        return new Verdict(
                new RunState(
                        record.attempt(),
                        iteration,
                        record.seq(),
                        evaluated,
                        smoothed,
                        trace,
                        judged.memories,
                        judged.alerts),
                judged.transitions);
    }

    /**
     * Evaluates an epoch that has ended. It must come once, after those before it in the log, and not before the iterations
     * that it consists of have been evaluated. Those of a later attempt may have been: how far the log of iterations has been
     * read depends on how it is read. Rules pass over a straggler of an attempt that they have seen a later one of.
     */
    public Verdict evaluate(RunDescription run, EpochRecord record, RunState state) {
        Signals signals = signals(run, state).withEpoch(record.attempt(), record.epoch());
        // its own place, not that of the iteration read last: which that is depends on how the log is read
        Place place = new Place(
                record.runId(),
                record.partition(),
                record.offset(),
                record.epoch().getIteration(),
                record.producedAtMs());
        return beside(signals, place, state);
    }

    /**
     * Evaluates a word on whether the run's trainer trains. Words must come in the order of their log; where they stand among
     * the iterations does not matter.
     */
    public Verdict evaluate(RunDescription run, TrainerRecord record, RunState state) {
        Signals signals = signals(run, state).withTrainer(record.attempt(), record.state());
        Place place = new Place(
                record.runId(),
                record.partition(),
                record.offset(),
                record.state().getIteration(),
                record.producedAtMs());
        return beside(signals, place, state);
    }

    private static Signals signals(RunDescription run, RunState state) {
        return new Signals(
                run.started(),
                state.attempt(),
                null,
                null,
                null,
                DepthProfile.NONE,
                state.trace(),
                state.evaluated(),
                Set.of());
    }

    private Verdict beside(Signals signals, Place place, RunState state) {
        Judged judged = judge(signals, place, state);
        if (judged.transitions.isEmpty() && judged.alerts.equals(state.alerts()) && !judged.remembers(state)) {
            return new Verdict(state, List.of());
        }
        return new Verdict(
                new RunState(
                        state.attempt(),
                        state.iteration(),
                        state.seq(),
                        state.evaluated(),
                        state.smoothed(),
                        state.trace(),
                        judged.memories,
                        judged.alerts),
                judged.transitions);
    }

    private static final class Judged {
        private final Map<String, double[]> memories = new HashMap<>();
        private final Map<String, AlertState> alerts = new HashMap<>();
        private final List<Alert> transitions = new ArrayList<>(0);

        /** Whether a rule has put something in its memory: a memory that stays is the same array. */
        boolean remembers(RunState before) {
            return memories.entrySet().stream().anyMatch(e -> before.memories().get(e.getKey()) != e.getValue());
        }
    }

    private Judged judge(Signals signals, Place place, RunState state) {
        Judged judged = new Judged();
        Set<String> firing = new LinkedHashSet<>();
        Opening opening = new Opening(signals.attempt(), place.iteration(), place.seq());
        for (Rule rule : rules) {
            Here here = new Here(
                    signals.evaluated(),
                    signals.iterationsPerEpoch(),
                    place.atMs(),
                    signals.iteration() != null && rule.isJudgedByIterations(),
                    opening);
            judge(rule, signals.seenBy(firing), place, state, here, judged);
            if (AlertMachine.explains(judged.alerts.get(RunState.key(rule)))) {
                firing.add(rule.name());
            }
        }
        return judged;
    }

    private static void judge(Rule rule, Signals signals, Place place, RunState state, Here here, Judged judged) {
        AlertState before = state.alert(rule);
        Look look = rule.look(signals, state.memory(rule), before.isOpen());
        Timing timing = rule.timing(signals);
        boolean inhibited = rule.inhibitors().stream().anyMatch(signals.firing()::contains);
        Step step = AlertMachine.step(before, look, timing, inhibited, here);
        AlertState after = step.after();
        for (Move move : step.moves()) {
            Transition transition = Transition.of(rule, timing, move, signals, look.memory(), place);
            judged.transitions.add(transition.alert());
            if (after.isOpen()) {
                after = after.concerning(transition.concern());
            }
        }
        String key = RunState.key(rule);
        if (!after.equals(AlertState.INACTIVE)) {
            judged.alerts.put(key, after);
        }
        if (look.memory().length > 0) {
            judged.memories.put(key, look.memory());
        }
    }
}
