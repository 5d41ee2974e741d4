package io.gradwatch.experiments.table1;

import java.util.ArrayList;
import java.util.List;

/** The table for a terminal: one line for a row where that fits, else two. */
public final class TextTable {
    private TextTable() {}

    /**
     * Lines of at most {@code width} characters, if names and notes allow it; no line ends are in them.
     *
     * @param width of the terminal, columns
     */
    public static List<String> lines(Table table, int width) {
        List<String> wide = wide(table);
        boolean fits = wide.stream().allMatch(line -> line.length() <= width);
        List<String> lines = new ArrayList<>(fits ? wide : narrow(table));
        Notes.of(table).forEach(note -> lines.addAll(folded(note, width)));
        return lines;
    }

    private static List<String> wide(Table table) {
        Grid grid = new Grid("rlrrrrrrrrrrr");
        grid.add("", "", "", "", "", "test %", "", "", "train %", "", "", "", "");
        grid.add(
                "#", "row", "batch", "lr", "decay", "paper", "ours", "diff", "paper", "ours", "diff", "epochs", "runs");
        for (Line line : table.lines()) {
            Row row = line.row();
            grid.add(
                    Integer.toString(row.number()),
                    row.name(),
                    Integer.toString(row.batchSize()),
                    Text.plain(row.learningRate()),
                    Text.plain(row.weightDecay()),
                    Text.percent(row.paperTest()),
                    ours(line, line.test()),
                    Text.difference(line.testDifference()),
                    Text.percent(row.paperTrain()),
                    ours(line, line.train()),
                    Text.difference(line.trainDifference()),
                    epochs(line),
                    runs(line));
        }
        return grid.lines();
    }

    private static List<String> narrow(Table table) {
        Grid heads = new Grid("rlrrrrr");
        Grid figures = new Grid("lrrrlrrr");
        heads.add("#", "row", "batch", "lr", "decay", "epochs", "runs");
        figures.add("", "paper", "ours", "diff", "", "paper", "ours", "diff");
        for (Line line : table.lines()) {
            Row row = line.row();
            heads.add(
                    Integer.toString(row.number()),
                    row.name(),
                    Integer.toString(row.batchSize()),
                    Text.plain(row.learningRate()),
                    Text.plain(row.weightDecay()),
                    epochs(line),
                    runs(line));
            figures.add(
                    "test %",
                    Text.percent(row.paperTest()),
                    ours(line, line.test()),
                    Text.difference(line.testDifference()),
                    "  train %",
                    Text.percent(row.paperTrain()),
                    ours(line, line.train()),
                    Text.difference(line.trainDifference()));
        }
        List<String> lines = new ArrayList<>();
        for (int i = 0; i <= table.lines().size(); i++) {
            lines.add(heads.lines().get(i));
            lines.add("    " + figures.lines().get(i));
        }
        return lines;
    }

    private static String ours(Line line, Sample sample) {
        return line.instead().orElseGet(() -> Text.sample(sample) + line.signs());
    }

    private static String epochs(Line line) {
        return line.conditions()
                .map(conditions -> conditions.epochs() + line.signs())
                .orElse(Text.NONE);
    }

    private static String runs(Line line) {
        return line.planned() == 0 ? Text.NONE : line.finished().size() + "/" + line.planned();
    }

    /** A note, broken between words. */
    private static List<String> folded(String note, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : note.split(" ")) {
            if (line.length() > 2 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
                line.append("  ").append(word);
            } else {
                line.append(line.isEmpty() ? "" : " ").append(word);
            }
        }
        lines.add(line.toString());
        return lines;
    }
}
