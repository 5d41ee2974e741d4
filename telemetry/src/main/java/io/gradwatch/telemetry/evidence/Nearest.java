package io.gradwatch.telemetry.evidence;

import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.evidence.Card.Evidence;
import io.gradwatch.telemetry.evidence.Card.Source;
import io.gradwatch.telemetry.runs.RunPhase;
import io.gradwatch.telemetry.runs.RunSummary;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Stored runs that differ from one in a factor or two. */
final class Nearest {
    private static final int MOST_FACTORS = 2;

    private Nearest() {}

    /** A run that may tell something, and in what it differs. */
    record Candidate(RunSummary run, List<Factor> factors) {}

    /**
     * Runs that differ in one factor, or in two, and went on for as long as it took the alert to fire; those in which it is a
     * matter of the factors that the alert's rule is about first, then the newest.
     *
     * @param firedAt iterations after which the alert fired
     */
    static List<Candidate> candidates(RunSummary run, List<RunSummary> others, List<Factor> about, long firedAt) {
        RunStarted mine = run.description().started();
        Map<String, String> options = Options.of(mine);
        return others.stream()
                .filter(other -> !other.id().equals(run.id()))
                .filter(other -> Options.comparable(mine, other.description().started()))
                .filter(other -> iterations(other) > firedAt)
                .map(other -> new Candidate(
                        other,
                        Options.differences(
                                options, Options.of(other.description().started()))))
                .filter(c -> !c.factors().isEmpty() && c.factors().size() <= MOST_FACTORS)
                .sorted(Comparator.comparingInt((Candidate c) -> c.factors().size())
                        .thenComparingInt(c -> rank(c, about))
                        .thenComparing(c -> -c.run().startedAtMs()))
                .toList();
    }

    private static int rank(Candidate candidate, List<Factor> about) {
        return candidate.factors().stream()
                .mapToInt(f -> about.contains(f) ? about.indexOf(f) : about.size())
                .max()
                .orElse(0);
    }

    private static long iterations(RunSummary run) {
        Long newest = run.iteration();
        return newest == null ? 0 : newest + 1;
    }

    /** The first candidate without the trouble; without one, the first with it. Of one factor before those of two. */
    static Optional<Evidence> best(
            RunSummary run, List<Candidate> candidates, Map<String, Stored> known, String rule, int factors) {
        List<Evidence> all = candidates.stream()
                .filter(c -> c.factors().size() == factors
                        && known.containsKey(c.run().id()))
                .map(c -> evidence(run, c, known.getOrDefault(c.run().id(), new Stored(c.run(), Set.of())), rule))
                .toList();
        return all.stream()
                .filter(Evidence::helped)
                .findFirst()
                .or(() -> all.stream().findFirst());
    }

    private static Evidence evidence(RunSummary run, Candidate candidate, Stored other, String rule) {
        Map<String, String> mine = Options.of(run.description().started());
        Map<String, String> its = Options.of(candidate.run().description().started());
        boolean helped = !other.fired().contains(rule);
        return new Evidence(
                Source.RUN,
                candidate.factors().stream().map(f -> f.change(mine, its)).toList(),
                helped,
                Optional.of(candidate.run().id()),
                candidate.run().name(),
                outcome(candidate.run(), other, helped));
    }

    private static String outcome(RunSummary run, Stored other, boolean helped) {
        StringBuilder text = new StringBuilder(helped ? "This alert did not fire there" : "The same alert fired there");
        Float best = run.bestValidationAccuracy();
        if (best != null && Float.isFinite(best)) {
            text.append(String.format(Locale.ROOT, "; best validation accuracy %.2f %%", 100 * best));
        } else if (run.loss() != null) {
            text.append(String.format(Locale.ROOT, "; loss %.3f", run.loss()));
        }
        text.append(String.format(Locale.ROOT, " after %,d iterations", iterations(run)));
        text.append(run.phase() == RunPhase.RUNNING ? " so far" : "");
        TreeSet<String> fired = new TreeSet<>(other.fired());
        text.append(fired.isEmpty() ? "; no alert." : "; alerts: " + String.join(", ", fired) + ".");
        return text.toString();
    }
}
