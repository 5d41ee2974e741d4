package io.gradwatch.experiments.table1;

import java.util.ArrayList;
import java.util.List;

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
}
