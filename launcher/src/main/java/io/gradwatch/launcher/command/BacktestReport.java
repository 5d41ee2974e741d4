package io.gradwatch.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradwatch.launcher.terminal.Table;
import io.gradwatch.launcher.terminal.Table.Align;
import io.gradwatch.launcher.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The service's answer to a back-test, in words. */
final class BacktestReport {
    private static final String NONE = "-";

    private BacktestReport() {}

    static void print(JsonNode result, Terminal terminal) {
        if (result.path("runs").isEmpty()) {
            terminal.line("No run is found.");
            return;
        }
        table(scores(result), terminal);
        terminal.line("");
        table(runs(result), terminal);
        List<String> differences = differences(result);
        if (!differences.isEmpty()) {
            terminal.line("");
            table(differences, terminal);
        } else if (result.path("differences").isArray()) {
            terminal.line("");
            terminal.line("Every alert is as it is with the rules that judge live.");
        }
        if (unlabelled(result) > 0) {
            terminal.line("");
            terminal.line(unlabelled(result) + " of " + result.path("runs").size()
                    + " runs have no label and are not counted: 'gradwatch runs label RUN +healthy'");
        }
    }

    private static void table(List<String> lines, Terminal terminal) {
        terminal.line(terminal.bold(lines.get(0)));
        lines.subList(1, lines.size()).forEach(terminal::line);
    }

    /** Title and one line a rule. */
    static List<String> scores(JsonNode result) {
        Table table = new Table()
                .column("RULE", Align.LEFT)
                .column("CATCHES", Align.LEFT)
                .column("CAUGHT", Align.RIGHT)
                .column("MISSED", Align.RIGHT)
                .column("FALSE", Align.RIGHT)
                .column("BESIDE", Align.RIGHT)
                .column("PRECISION", Align.RIGHT)
                .column("RECALL", Align.RIGHT)
                .column("AHEAD", Align.RIGHT);
        for (JsonNode rule : result.path("rules")) {
            table.row(
                    rule.path("rule").asText(),
                    words(rule.path("catches")),
                    rule.path("caught").asText(),
                    rule.path("missed").asText(),
                    rule.path("falseAlarms").asText(),
                    rule.path("beside").asText(),
                    percent(rule.path("precision")),
                    percent(rule.path("recall")),
                    lead(rule.path("medianLead")));
        }
        return table.lines();
    }

    /** Title and one line for each rule that fired on a run; a run on which none did has one line. */
    static List<String> runs(JsonNode result) {
        Table table = new Table()
                .column("RUN", Align.LEFT)
                .column("LABELS", Align.LEFT)
                .column("ITERATIONS", Align.RIGHT)
                .column("FIRST FIRED", Align.RIGHT)
                .column("EPOCH", Align.RIGHT)
                .column("RULE", Align.LEFT)
                .column("WORST", Align.LEFT);
        for (JsonNode run : result.path("runs")) {
            String name = run.path("name").asText(run.path("id").asText()).replaceAll("\\p{Cntrl}", " ");
            String labels = words(run.path("labels"));
            String iterations = run.path("iterations").asText();
            if (run.path("firings").isEmpty()) {
                table.row(name, labels, iterations, NONE, NONE, "nothing", NONE);
            }
            for (JsonNode firing : run.path("firings")) {
                table.row(
                        name,
                        labels,
                        iterations,
                        firing.path("iteration").asText(),
                        firing.path("epoch").asText(),
                        firing.path("rule").asText(),
                        firing.path("worst").asText());
                name = "";
                labels = "";
                iterations = "";
            }
        }
        return table.lines();
    }

    /** Title and one line a difference to the rules that judge live; empty without any. */
    static List<String> differences(JsonNode result) {
        if (result.path("differences").isEmpty()) {
            return List.of();
        }
        Table table = new Table()
                .column("DIFFERENCE", Align.LEFT)
                .column("RUN", Align.LEFT)
                .column("RULE", Align.LEFT)
                .column("TODAY", Align.RIGHT)
                .column("TRIED", Align.RIGHT)
                .column("BY", Align.RIGHT);
        for (JsonNode d : result.path("differences")) {
            table.row(
                    d.path("kind").asText(),
                    d.path("name").asText(),
                    d.path("rule").asText(),
                    step(d.path("was")),
                    step(d.path("is")),
                    d.path("kind").asText().equals("moved")
                            ? String.format(Locale.ROOT, "%+d", d.path("by").asLong())
                            : NONE);
        }
        return table.lines();
    }

    private static int unlabelled(JsonNode result) {
        int unlabelled = 0;
        for (JsonNode run : result.path("runs")) {
            unlabelled += run.path("labels").isEmpty() ? 1 : 0;
        }
        return unlabelled;
    }

    private static String step(JsonNode step) {
        return step.isObject()
                ? step.path("iteration").asText() + " " + step.path("severity").asText()
                : NONE;
    }

    private static String lead(JsonNode lead) {
        return lead.isObject()
                ? (lead.path("atLeast").asBoolean() ? "≥ " : "")
                        + lead.path("iterations").asText()
                : NONE;
    }

    private static String percent(JsonNode share) {
        return share.isNumber() ? String.format(Locale.ROOT, "%.0f %%", 100 * share.asDouble()) : NONE;
    }

    private static String words(JsonNode array) {
        List<String> words = new ArrayList<>();
        array.forEach(word -> words.add(word.asText().replaceAll("\\p{Cntrl}", " ")));
        return words.isEmpty() ? NONE : String.join(", ", words);
    }
}
