package io.gradwatch.benchmarks.drill;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of a drill. Pure.
 *
 * @param facts what was seen on the way, in words, by what it is called
 * @param problems that are not about the counts of a run
 * @param skipped why the drill could not be held here; null: it was
 */
record Report(
        List<Tally> tallies,
        Map<String, String> facts,
        List<String> problems,
        @Nullable String skipped) {
    Report {
        tallies = List.copyOf(tallies);
        facts = new LinkedHashMap<>(facts);
        problems = List.copyOf(problems);
    }

    static Report skipped(String why) {
        return new Report(List.of(), Map.of(), List.of(), why);
    }

    boolean isEqual() {
        return allProblems().isEmpty();
    }

    /** A drill that counted nothing has shown nothing. */
    private List<String> allProblems() {
        List<String> all = new ArrayList<>(problems);
        tallies.forEach(tally -> all.addAll(tally.problems()));
        if (tallies.isEmpty() || tallies.stream().anyMatch(tally -> tally.log().isEmpty())) {
            all.add("nothing was counted");
        }
        return all;
    }

    /** For people: the table, the facts, and the verdict in the last line. */
    String text() {
        if (skipped != null) {
            return "SKIPPED: " + skipped + System.lineSeparator();
        }
        StringBuilder text =
                new StringBuilder(line("run", "in the log", "in history", "counting", "in the browser", ""));
        for (Tally tally : tallies) {
            text.append(line(
                    tally.run(),
                    number(tally.log().size()),
                    number(tally.history().size()),
                    number(tally.counting()),
                    number(tally.browser()),
                    tally.verdict()));
        }
        facts.forEach((name, value) -> text.append(String.format(Locale.ROOT, "  %s: %s%n", name, value)));
        allProblems().forEach(problem -> text.append(String.format(Locale.ROOT, "  ! %s%n", problem)));
        return text.append(isEqual() ? "EQUAL" : "NOT EQUAL")
                .append(System.lineSeparator())
                .toString();
    }

    private static String line(
            String run, String log, String history, String counting, String browser, String verdict) {
        return String.format(
                        Locale.ROOT, "  %-34s %12s %12s %12s %14s  %s%n", run, log, history, counting, browser, verdict)
                .replaceAll(" +(\\R)", "$1");
    }

    private static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** Collects what is seen. */
    static final class Facts {
        private final Map<String, String> facts = new LinkedHashMap<>();
        private final List<String> problems = new ArrayList<>();

        void fact(String name, String format, Object... values) {
            facts.put(name, String.format(Locale.ROOT, format, values));
        }

        /** A fact that has to be so. */
        void must(boolean holds, String otherwise) {
            if (!holds) {
                problems.add(otherwise);
            }
        }

        Report report(List<Tally> tallies) {
            return new Report(tallies, facts, problems, null);
        }
    }
}
