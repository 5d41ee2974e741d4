package io.gradwatch.experiments.table1;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** The table as CSV (RFC 4180, UTF-8): a header, then one record for each line; an empty field is "no value". */
final class CsvTable {
    private static final List<String> HEADER = List.of(
            "number",
            "row",
            "batch",
            "lr",
            "weight_decay",
            "paper_test_percent",
            "test_mean_percent",
            "test_sd_points",
            "test_difference_points",
            "paper_train_percent",
            "train_mean_percent",
            "train_sd_points",
            "train_difference_points",
            "epochs",
            "paper_epochs",
            "runs_finished",
            "runs_failed",
            "runs_planned",
            "dataset",
            "like_paper",
            "remarks");

    private CsvTable() {}

    static String of(Table table) {
        StringBuilder text = new StringBuilder();
        record(text, HEADER);
        table.lines().forEach(line -> record(text, fields(line)));
        return text.toString();
    }

    private static List<String> fields(Line line) {
        Row row = line.row();
        Sample test = line.test();
        Sample train = line.train();
        return List.of(
                Integer.toString(row.number()),
                row.name(),
                Integer.toString(row.batchSize()),
                Text.plain(row.learningRate()),
                Text.plain(row.weightDecay()),
                Text.plain(row.paperTest()),
                mean(test),
                number(test.deviation()),
                number(line.testDifference()),
                Text.plain(row.paperTrain()),
                mean(train),
                number(train.deviation()),
                number(line.trainDifference()),
                line.conditions()
                        .map(conditions -> Integer.toString(conditions.epochs()))
                        .orElse(""),
                Integer.toString(Conditions.PAPER_EPOCHS),
                Integer.toString(line.finished().size()),
                Integer.toString(line.failed().size()),
                Integer.toString(line.planned()),
                line.conditions().map(Conditions::dataset).orElse(""),
                line.conditions()
                        .map(conditions -> Boolean.toString(conditions.likePaper()))
                        .orElse(""),
                remarks(line));
    }

    private static String remarks(Line line) {
        List<String> remarks = new ArrayList<>();
        line.instead().ifPresent(remarks::add);
        line.caveats().forEach(caveat -> remarks.add(caveat.meaning()));
        line.conditions()
                .map(Conditions::changed)
                .filter(changed -> !changed.isEmpty())
                .ifPresent(remarks::add);
        line.failed().forEach(failed -> remarks.add("seed " + failed.job().seed() + " failed: " + failed.reason()));
        return String.join("; ", remarks);
    }

    private static String mean(Sample sample) {
        return sample.count() == 0 ? "" : number(OptionalDouble.of(sample.mean()));
    }

    private static String number(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.4f", value.getAsDouble()) : "";
    }

    private static void record(StringBuilder text, List<String> fields) {
        text.append(fields.stream().map(CsvTable::quoted).collect(Collectors.joining(",")))
                .append("\r\n");
    }

    private static String quoted(String field) {
        boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
    }
}
