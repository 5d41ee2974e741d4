package io.gradwatch.telemetry.evidence;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.evidence.Card.Evidence;
import io.gradwatch.telemetry.evidence.Card.Source;
import io.gradwatch.telemetry.evidence.Card.Suggestion;
import io.gradwatch.telemetry.runs.RunSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes cards. */
public final class Cards {
    /** Of so many runs, nearest first, the alerts are asked for. */
    private static final int ASKED = 8;

    private Cards() {}

    /**
     * The card of an alert.
     *
     * @param transitions of the alert in their order, at least one; the newest in which it fired is what the card is about, else
     *     the newest
     * @param run that it is of
     * @param others runs that evidence may come from; the run itself among them does no harm
     * @param fired names of the rules of warning or above that have fired in a run, by its id
     */
    public static Card of(
            List<Alert> transitions, RunSummary run, List<RunSummary> others, Function<String, Set<String>> fired) {
        Alert alert = transitions.stream()
                .filter(t -> t.getState() == Alert.State.FIRING)
                .reduce((one, next) -> next)
                .orElse(transitions.get(transitions.size() - 1));
        RunStarted started = run.description().started();
        RuleText text = RuleText.of(alert.getRule());
        List<String> meaning = RuleText.knows(alert.getRule())
                ? List.of(text.meaning(), text.consequence())
                : List.of("One of your own rules says: " + alert.getMessage(), text.consequence());
        return new Card(
                text.title(),
                Measured.of(alert, started),
                meaning,
                evidence(alert, run, others, text, fired),
                suggestions(alert, started, text));
    }

    private static List<Evidence> evidence(
            Alert alert, RunSummary run, List<RunSummary> others, RuleText text, Function<String, Set<String>> fired) {
        if (text.about().isEmpty()) {
            return List.of();
        }
        List<Nearest.Candidate> candidates = Nearest.candidates(run, others, text.about(), alert.getLastIteration());
        List<Nearest.Candidate> asked = candidates.size() > ASKED ? some(candidates) : candidates;
        Map<String, Stored> known = asked.stream()
                .collect(Collectors.toMap(
                        c -> c.run().id(),
                        c -> new Stored(c.run(), fired.apply(c.run().id())),
                        (a, b) -> a));
        List<Evidence> evidence = new ArrayList<>();
        Nearest.best(run, asked, known, alert.getRule(), 1).ifPresent(evidence::add);
        if (evidence.stream().noneMatch(Evidence::helped)) {
            paper(run, text).ifPresent(evidence::add);
            Nearest.best(run, asked, known, alert.getRule(), 2)
                    .filter(Evidence::helped)
                    .ifPresent(evidence::add);
        }
        return evidence;
    }

    /** Half of them of one factor, half of two. */
    private static List<Nearest.Candidate> some(List<Nearest.Candidate> candidates) {
        List<Nearest.Candidate> some = new ArrayList<>();
        for (int factors = 1; factors <= 2; factors++) {
            int wanted = factors;
            candidates.stream()
                    .filter(c -> c.factors().size() == wanted)
                    .limit(ASKED / 2)
                    .forEach(some::add);
        }
        return some;
    }

    private static Optional<Evidence> paper(RunSummary run, RuleText text) {
        Map<String, String> options = Options.of(run.description().started());
        for (Factor factor : text.about()) {
            Optional<Table1.Pair> pair = Table1.better(options, factor);
            if (pair.isPresent()) {
                return pair.map(Cards::evidence);
            }
        }
        return Optional.empty();
    }

    private static Evidence evidence(Table1.Pair pair) {
        return new Evidence(
                Source.PAPER,
                List.of(pair.factor().change(pair.like().options(), pair.other().options())),
                true,
                Optional.empty(),
                pair.other().name(),
                String.format(
                        Locale.ROOT,
                        "In the paper's Table 1 it changes the test accuracy on CIFAR-100 from %.2f %% (%s) to %.2f %% (%s).",
                        pair.like().test(),
                        pair.like().name(),
                        pair.other().test(),
                        pair.other().name()));
    }

    private static List<Suggestion> suggestions(Alert alert, RunStarted run, RuleText text) {
        List<Suggestion> suggestions = new ArrayList<>();
        for (Remedy remedy : text.remedies()) {
            if (suits(remedy, alert)) {
                remedy.of(run).ifPresent(suggestions::add);
            }
        }
        return suggestions;
    }

    /** Steps that are too small do not want to be smaller. */
    private static boolean suits(Remedy remedy, Alert alert) {
        if (!alert.getRule().equals("update-ratio")) {
            return true;
        }
        boolean small = alert.getInputsOrDefault("median_update_ratio", 1) < alert.getThresholdsOrDefault("most", 0.1);
        return remedy != (small ? Remedy.SMALLER_STEPS : Remedy.LARGER_STEPS);
    }
}
