package io.gradwatch.experiments.table1;

import java.util.List;
import java.util.stream.Collectors;

/** The table as Markdown. */
final class MarkdownTable {
    private MarkdownTable() {}

    static String of(Table table) {
        StringBuilder text = new StringBuilder("# Table 1 beside the paper's\n\n");
        text.append("Written by Gradwatch ")
                .append(table.version())
                .append(", ")
                .append(table.at())
                .append(".\n\n");
        row(
                text,
                List.of(
                        "#",
                        "row",
                        "batch",
                        "lr",
                        "decay",
                        "test %, paper",
                        "ours",
                        "diff",
                        "train %, paper",
                        "ours",
                        "diff",
                        "epochs",
                        "runs"));
        text.append("|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        table.lines().forEach(line -> row(text, cells(line)));
        Notes.of(table).forEach(note -> text.append('\n').append(escaped(note)).append('\n'));
        return text.toString();
    }

    private static List<String> cells(Line line) {
        Row row = line.row();
        return List.of(
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
                line.epochs(),
                line.runs());
    }

    private static String ours(Line line, Sample sample) {
        return line.instead().orElseGet(() -> Text.sample(sample) + line.signs());
    }

    private static void row(StringBuilder text, List<String> cells) {
        text.append(cells.stream().map(MarkdownTable::escaped).collect(Collectors.joining(" | ", "| ", " |\n")));
    }

    /** Text that Markdown leaves as it is. */
    private static String escaped(String text) {
        return text.replaceAll("\\s+", " ").replaceAll("([\\\\|*_`<>\\[\\]])", "\\\\$1");
    }
}
