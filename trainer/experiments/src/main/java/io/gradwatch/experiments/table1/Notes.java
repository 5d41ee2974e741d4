package io.gradwatch.experiments.table1;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What stands below the table. */
final class Notes {
    private Notes() {}

    /** One paragraph each: what the figures are, what keeps them from being compared, which runs have failed. */
    static List<String> of(Table table) {
        List<String> notes = new ArrayList<>();
        notes.add("Accuracies in percent. ours: mean ± sample standard deviation over the seeds of the runs, none for a"
                + " single run; diff: ours less the paper's, in points; runs: finished/asked for. Test accuracy is taken with the parameters of the"
                + " epoch with the best validation accuracy, train accuracy over that epoch's steps.");
        for (Caveat caveat : table.caveats()) {
            notes.add(caveat.sign() + " " + caveat.meaning() + settings(table, caveat) + ".");
        }
        for (Row row : rowsWithTwins(table)) {
            notes.add(row.name() + ": its lines of equal epochs and images come from versions of Gradwatch, or of the"
                    + " images, that differ; table1.json tells their settings.");
        }
        for (Entry.Failed failed : table.failures()) {
            notes.add("failed: " + failed.job().row() + " seed " + failed.job().seed() + " ("
                    + failed.conditions().epochs() + " epochs, run " + failed.runId() + "): " + failed.reason());
        }
        return notes;
    }

    private static String settings(Table table, Caveat caveat) {
        if (caveat != Caveat.SETTINGS) {
            return "";
        }
        List<String> changed = table.lines().stream()
                .flatMap(line -> line.conditions().stream())
                .map(Conditions::changed)
                .filter(text -> !text.isEmpty())
                .distinct()
                .toList();
        return " (" + String.join("; ", changed) + ")";
    }

    /** Rows with lines that look the same, but have different fingerprints. */
    private static List<Row> rowsWithTwins(Table table) {
        Map<List<Object>, Long> alike = table.lines().stream()
                .filter(line -> line.conditions().isPresent())
                .collect(Collectors.groupingBy(Notes::looks, LinkedHashMap::new, Collectors.counting()));
        return table.lines().stream()
                .filter(line -> alike.getOrDefault(looks(line), 0L) > 1)
                .map(Line::row)
                .distinct()
                .toList();
    }

    private static List<Object> looks(Line line) {
        return line.conditions()
                .<List<Object>>map(under ->
                        List.of(line.row(), under.epochs(), under.dataset(), under.synthetic(), under.changed()))
                .orElse(List.of());
    }
}
