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
        lines.add("");
        Notes.of(table).forEach(note -> lines.addAll(Text.folded(note, width)));
        return lines;
    }

    /** Batch size, learning rate and decay tell apart the rows of one network. */
    private static List<String> wide(Table table) {
        int signs = widestSigns(table);
        Grid grid = new Grid("rlrrrrrrrrrrr");
        grid.add("", "", "", "", "", "test", "", "", "train", "", "", "", "");
        grid.add(
                "#",
                "network",
                "batch",
                "lr",
                "decay",
                "paper",
                padded("ours", signs),
                "diff",
                "paper",
                padded("ours", signs),
                "diff",
                "epochs",
                "runs");
        for (Line line : table.lines()) {
            Row row = line.row();
            grid.add(
                    Integer.toString(row.number()),
                    row.network(),
                    Integer.toString(row.batchSize()),
                    Text.plain(row.learningRate()),
                    Text.plain(row.weightDecay()),
                    Text.percent(row.paperTest()),
                    test(line, signs),
                    Text.difference(line.testDifference()),
                    Text.percent(row.paperTrain()),
                    train(line, signs),
                    Text.difference(line.trainDifference()),
                    line.epochs(),
                    line.runs());
        }
        return grid.lines();
    }

    private static List<String> narrow(Table table) {
        int signs = widestSigns(table);
        Grid heads = new Grid("rlrrrrr");
        Grid figures = new Grid("lrrrlrrr");
        heads.add("#", "row", "batch", "lr", "decay", "epochs", "runs");
        figures.add("", "paper", padded("ours", signs), "diff", "", "paper", padded("ours", signs), "diff");
        for (Line line : table.lines()) {
            Row row = line.row();
            heads.add(
                    Integer.toString(row.number()),
                    row.name(),
                    Integer.toString(row.batchSize()),
                    Text.plain(row.learningRate()),
                    Text.plain(row.weightDecay()),
                    line.epochs(),
                    line.runs());
            figures.add(
                    "test",
                    Text.percent(row.paperTest()),
                    test(line, signs),
                    Text.difference(line.testDifference()),
                    "train",
                    Text.percent(row.paperTrain()),
                    train(line, signs),
                    Text.difference(line.trainDifference()));
        }
        List<String> first = heads.lines();
        List<String> second = figures.lines();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            lines.add(first.get(i));
            lines.add("   " + second.get(i));
        }
        return lines;
    }

    private static int widestSigns(Table table) {
        return table.lines().stream()
                .filter(line -> line.instead().isEmpty())
                .mapToInt(line -> line.signs().length())
                .max()
                .orElse(0);
    }

    /** Room for signs, so that the digits stand below each other. */
    private static String padded(String figure, int signs) {
        return figure + " ".repeat(signs);
    }

    private static String test(Line line, int signs) {
        return line.instead().map(text -> padded(text, signs)).orElseGet(() -> figure(line, line.test(), signs));
    }

    private static String train(Line line, int signs) {
        return line.instead().isPresent() ? padded(Text.NONE, signs) : figure(line, line.train(), signs);
    }

    private static String figure(Line line, Sample sample, int signs) {
        return padded(Text.sample(sample) + line.signs(), signs - line.signs().length());
    }
}
