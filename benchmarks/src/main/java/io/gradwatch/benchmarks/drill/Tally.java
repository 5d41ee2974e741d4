package io.gradwatch.benchmarks.drill;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What there is of a run in the three places. Pure.
 *
 * @param log its iterations in the order of the log, those of all attempts
 * @param history its rows, those of all attempts
 * @param browser iterations that the page holds
 */
record Tally(String run, List<Row> log, List<Row> history, long browser) {
    private static final int SHOWN = 5;

    Tally {
        log = List.copyOf(log);
        history = List.copyOf(history);
    }

    /** Iterations that count: from its first one on an attempt replaces what older ones have left. */
    long counting() {
        SortedMap<Integer, SortedSet<Long>> attempts = new TreeMap<>();
        for (Row row : log) {
            attempts.computeIfAbsent(row.attempt(), a -> new TreeSet<>()).add(row.iteration());
        }
        TreeSet<Long> counting = new TreeSet<>();
        for (SortedSet<Long> iterations : attempts.values()) {
            counting.tailSet(iterations.first(), true).clear();
            counting.addAll(iterations);
        }
        return counting.size();
    }

    /** What differs, in words; empty: all three hold the same. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        TreeSet<Row> written = new TreeSet<>(log);
        TreeSet<Row> kept = new TreeSet<>(history);
        say(problems, "twice in the log", log.size() - written.size(), List.of());
        say(problems, "twice in history", history.size() - kept.size(), List.of());
        List<Row> missing = without(written, kept);
        say(problems, "of the log not in history", missing.size(), missing);
        List<Row> invented = without(kept, written);
        say(problems, "of history not in the log", invented.size(), invented);
        if (browser != counting()) {
            problems.add(run + ": the page holds " + browser + " iterations, " + counting() + " count");
        }
        return problems;
    }

    private void say(List<String> problems, String what, int number, List<Row> some) {
        if (number != 0) {
            String examples = some.stream().limit(SHOWN).map(Row::toString).collect(Collectors.joining(", "));
            problems.add(run + ": " + number + " " + what + (examples.isEmpty() ? "" : ": " + examples));
        }
    }

    private static List<Row> without(Collection<Row> some, Collection<Row> others) {
        return some.stream().filter(row -> !others.contains(row)).toList();
    }

    String verdict() {
        return problems().isEmpty() ? "equal" : "DIFFERENT";
    }
}
