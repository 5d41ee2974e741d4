package io.gradwatch.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradwatch.launcher.terminal.Table;
import io.gradwatch.launcher.terminal.Table.Align;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs as the service describes them, in words. A value that it does not know is a hyphen. */
final class RunsReport {
    private static final String NONE = "-";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private RunsReport() {}

    /** Title and one line a run. */
    static List<String> table(List<JsonNode> runs, ZoneId zone) {
        Table table = new Table()
                .column("ID", Align.LEFT)
                .column("NAME", Align.LEFT)
                .column("STATE", Align.LEFT)
                .column("ITERATION", Align.RIGHT)
                .column("EPOCH", Align.RIGHT)
                .column("LOSS", Align.RIGHT)
                .column("TEST", Align.RIGHT)
                .column("ALERTS", Align.RIGHT)
                .column("STARTED", Align.LEFT)
                .column("TAGS", Align.LEFT);
        for (JsonNode run : runs) {
            table.row(
                    text(run, "id"),
                    clean(text(run, "name")),
                    text(run, "state") + resumed(run),
                    text(run, "iteration"),
                    text(run, "epoch"),
                    number(run, "loss"),
                    percent(run.path("result"), "testAccuracy"),
                    text(run, "firingAlerts"),
                    time(run, "startedAt", zone),
                    words(run, "tags"));
        }
        return table.lines();
    }

    /** Labels and values of one run, in the order to print them. */
    static Map<String, String> fields(JsonNode run, ZoneId zone) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Name", clean(text(run, "name")));
        fields.put("Preset", text(run, "preset"));
        fields.put("State", text(run, "state") + parenthesised(text(run, "reason")));
        fields.put("Attempt", text(run, "attempt") + attempts(run));
        fields.put("Iteration", of(text(run, "iteration"), text(run, "plannedIterations")));
        fields.put("Epoch", of(text(run, "epoch"), text(run, "plannedEpochs")));
        fields.put("Loss", number(run, "loss"));
        fields.put("Accuracy", percent(run, "accuracy"));
        fields.put("Validation", percent(run, "validationAccuracy"));
        JsonNode result = run.path("result");
        if (result.isObject()) {
            fields.put("Best epoch", text(result, "bestEpoch") + " (0-based, by validation accuracy)");
            fields.put("  validation", percent(result, "validationAccuracy") + loss(result, "validationLoss"));
            fields.put("  test", percent(result, "testAccuracy") + loss(result, "testLoss"));
            fields.put("  train", percent(result, "trainAccuracy") + loss(result, "trainLoss"));
        }
        fields.put("Learning rate", number(run, "learningRate"));
        fields.put("Batch size", text(run, "batchSize"));
        fields.put("Seed", text(run, "seed"));
        fields.put("Parameters", text(run, "parameters"));
        JsonNode dataset = run.path("dataset");
        fields.put(
                "Data set",
                text(dataset, "name") + (dataset.path("synthetic").asBoolean() ? " (generated images)" : ""));
        fields.put("Alerts firing", text(run, "firingAlerts") + parenthesised(text(run, "worstSeverity")));
        fields.put("Dropped", text(run, "dropped"));
        JsonNode disk = run.path("diskBytes");
        if (disk.isObject()) {
            fields.put(
                    "Disk",
                    Bytes.text(disk.path("total").asLong()) + " (history "
                            + Bytes.text(disk.path("history").asLong()) + ", archive "
                            + Bytes.text(disk.path("archive").asLong()) + ", checkpoints "
                            + Bytes.text(disk.path("checkpoints").asLong()) + ")");
        }
        fields.put("Started", time(run, "startedAt", zone));
        fields.put("Ended", time(run, "endedAt", zone));
        fields.put("Tags", words(run, "tags"));
        fields.put("Labels", words(run, "labels"));
        fields.put("Notes", notes(text(run, "notes")));
        return fields;
    }

    /** Title and one line a parameter or result, and a last line that says how many are equal. */
    static List<String> comparison(JsonNode table) {
        List<String> lines = new ArrayList<>();
        Table rows = new Table().column("", Align.LEFT);
        table.path("runs").forEach(run -> rows.column(named(run), Align.RIGHT));
        table.path("rows").forEach(row -> {
            List<String> cells = new ArrayList<>(List.of(text(row, "name")));
            row.path("values").forEach(value -> cells.add(value.isNull() ? NONE : clean(value.asText())));
            rows.row(cells.toArray(String[]::new));
        });
        lines.addAll(rows.lines());
        int equal = table.path("equal").asInt();
        if (equal > 0 && !hasEqual(table.path("rows"))) {
            lines.add("");
            lines.add(equal + (equal == 1 ? " value is" : " values are") + " equal; --all shows them too.");
        }
        return lines;
    }

    private static boolean hasEqual(JsonNode rows) {
        for (JsonNode row : rows) {
            if (!row.path("differs").asBoolean(true)) {
                return true;
            }
        }
        return false;
    }

    private static String named(JsonNode run) {
        String name = clean(text(run, "name"));
        return name.equals(NONE) ? text(run, "id") : name;
    }

    /** A field, whether it is a text or a list of words. */
    static String shown(JsonNode run, String field) {
        return run.path(field).isArray() ? words(run, field) : notes(text(run, field));
    }

    /** Where a run is, in one line. */
    static String line(JsonNode run) {
        return text(run, "state") + "  iteration " + of(text(run, "iteration"), text(run, "plannedIterations"))
                + "  epoch " + text(run, "epoch") + "  loss " + number(run, "loss") + "  accuracy "
                + percent(run, "accuracy")
                + (run.path("firingAlerts").asInt() > 0 ? "  alerts " + text(run, "firingAlerts") : "");
    }

    private static String words(JsonNode run, String field) {
        List<String> words = new ArrayList<>();
        run.path(field).forEach(word -> words.add(clean(word.asText())));
        return words.isEmpty() ? NONE : String.join(", ", words);
    }

    private static String notes(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]", " ").replace("\n", "\n" + " ".repeat(16));
    }

    /** Without what would move the cursor of a terminal. */
    private static String clean(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        String text = value.isMissingNode() || value.isNull() ? "" : value.asText();
        return text.isEmpty() ? NONE : text;
    }

    private static String number(JsonNode run, String field) {
        JsonNode value = run.path(field);
        return value.isNumber() ? String.format(Locale.ROOT, "%.4g", value.asDouble()) : text(run, field);
    }

    private static String percent(JsonNode run, String field) {
        JsonNode value = run.path(field);
        return value.isNumber() ? String.format(Locale.ROOT, "%.2f %%", 100 * value.asDouble()) : text(run, field);
    }

    private static String time(JsonNode run, String field, ZoneId zone) {
        String text = text(run, field);
        try {
            return text.equals(NONE) ? NONE : TIME.format(Instant.parse(text).atZone(zone));
        } catch (DateTimeParseException e) {
            return text;
        }
    }

    private static String of(String done, String planned) {
        return planned.equals(NONE) || planned.equals("0") ? done : done + " of " + planned;
    }

    private static String loss(JsonNode result, String field) {
        return result.path(field).isNull() || result.path(field).isMissingNode()
                ? ""
                : ", loss " + number(result, field);
    }

    private static String resumed(JsonNode run) {
        return run.path("attempt").asInt(1) > 1 ? ", attempt " + text(run, "attempt") : "";
    }

    /** Where each attempt began, for a run that was resumed. */
    private static String attempts(JsonNode run) {
        JsonNode attempts = run.path("attempts");
        if (attempts.size() < 2) {
            return "";
        }
        List<String> ranges = new ArrayList<>();
        attempts.forEach(a -> ranges.add(text(a, "firstIteration") + " to " + text(a, "lastIteration")));
        return " (iterations " + String.join(", then ", ranges) + ")";
    }

    private static String parenthesised(String text) {
        return text.equals(NONE) ? "" : " (" + text + ")";
    }
}
