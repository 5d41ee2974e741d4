package io.gradwatch.telemetry.backtest;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.telemetry.rules.RuleEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A program that writes what the rules say of the stored runs into docs/alerts.md, between its markers. From the module's
 * folder.
 */
final class ConfusionTable {
    static final Path PAGE = Path.of("../docs/alerts.md");
    private static final String BEGIN = "<!-- begin of what StoredRunsTest holds to be true -->\n";
    private static final String END = "<!-- end -->";

    private ConfusionTable() {}

    public static void main(String[] arguments) throws Exception {
        Path scratch = Files.createTempDirectory("runs");
        try {
            String page = Files.readString(PAGE);
            int begin = page.indexOf(BEGIN) + BEGIN.length();
            Files.writeString(
                    PAGE,
                    page.substring(0, begin) + of(StoredRuns.all(scratch)) + page.substring(page.indexOf(END, begin)));
        } finally {
            io.gradwatch.telemetry.archive.Archive.discard(scratch);
        }
    }

    /** What the page says now. */
    static String documented() throws Exception {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        return page.substring(begin, page.indexOf(END, begin));
    }

    static String of(List<RecordedRun> runs) {
        StringBuilder text = new StringBuilder();
        text.append(table("rule", runs, RuleEngine.standard())).append('\n');
        text.append(table("rule of another tool", runs, RuleSource.peers().engine()));
        return text.toString();
    }

    private static String table(String title, List<RecordedRun> runs, RuleEngine rules) {
        BacktestReport report = BacktestReport.of(runs, rules, rules, new Backtest(), i -> {});
        StringBuilder text = new StringBuilder();
        List<String> head = new ArrayList<>(List.of(title));
        List<String> labels = new ArrayList<>(List.of("*labels*"));
        List<String> iterations = new ArrayList<>(List.of("*iterations*"));
        for (RunVerdict run : report.runs()) {
            head.add(run.name());
            labels.add(String.join(", ", run.sortedLabels()));
            iterations.add(Long.toString(run.iterations()));
        }
        head.addAll(List.of("caught", "missed", "false", "ahead"));
        labels.addAll(List.of("", "", "", ""));
        iterations.addAll(List.of("", "", "", ""));
        row(text, head);
        row(text, head.stream().map(h -> "---").toList());
        row(text, labels);
        row(text, iterations);
        for (Score score : report.scores()) {
            List<String> cells = new ArrayList<>(List.of("`" + score.rule().rule() + "`"));
            for (RunVerdict run : report.runs()) {
                cells.add(cell(run.rule(score.rule().rule()).orElseThrow()));
            }
            boolean scored = score.caught() + score.missed() > 0;
            cells.add(scored ? Integer.toString(score.caught()) : "");
            cells.add(scored ? Integer.toString(score.missed()) : "");
            cells.add(Integer.toString(score.falseAlarms()));
            cells.add(score.medianLead()
                    .map(lead -> (lead.atLeast() ? "≥ " : "") + lead.iterations())
                    .orElse(""));
            row(text, cells);
        }
        return text.toString();
    }

    private static void row(StringBuilder text, List<String> cells) {
        text.append(cells.stream().collect(Collectors.joining(" | ", "| ", " |\n")));
    }

    private static String cell(RuleVerdict verdict) {
        return verdict.first()
                .map(first -> first.iteration() + " "
                        + verdict.worst().map(Severity::name).orElseThrow().toLowerCase(Locale.ROOT))
                .orElse("·");
    }
}
