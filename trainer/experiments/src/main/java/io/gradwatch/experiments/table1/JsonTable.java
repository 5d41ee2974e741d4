package io.gradwatch.experiments.table1;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** The table as JSON, with every run behind it. */
final class JsonTable {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final DefaultIndenter INDENTER = new DefaultIndenter("  ", "\n");

    private JsonTable() {}

    static String of(Table table) {
        ObjectNode all = MAPPER.createObjectNode();
        all.put("format", "gradwatch-table1");
        all.put("formatVersion", 1);
        all.put("at", table.at().toString());
        all.put("gradwatch", table.version());
        all.put("paperEpochs", Conditions.PAPER_EPOCHS);
        ArrayNode lines = all.putArray("lines");
        table.lines().forEach(line -> lines.add(line(line)));
        try {
            DefaultPrettyPrinter printer =
                    new DefaultPrettyPrinter().withObjectIndenter(INDENTER).withArrayIndenter(INDENTER);
            return MAPPER.writer(printer).writeValueAsString(all) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always written", e);
        }
    }

    private static ObjectNode line(Line line) {
        ObjectNode object = MAPPER.createObjectNode();
        Row row = line.row();
        object.put("number", row.number());
        object.put("row", row.name());
        object.put("batch", row.batchSize());
        object.put("lr", row.learningRate());
        object.put("weightDecay", row.weightDecay());
        object.put("status", line.instead().orElse("figures"));
        object.set(
                "conditions",
                line.conditions().<JsonNode>map(JsonTable::conditions).orElseGet(MAPPER::nullNode));
        object.set("test", figure(row.paperTest(), line.test(), line.testDifference()));
        object.set("train", figure(row.paperTrain(), line.train(), line.trainDifference()));
        ArrayNode caveats = object.putArray("caveats");
        line.caveats().forEach(caveat -> caveats.add(caveat.meaning()));
        object.put("runsPlanned", line.planned());
        object.put("runsUnfinished", line.begun());
        ArrayNode finished = object.putArray("finished");
        line.finished().forEach(run -> finished.add(run(run)));
        ArrayNode failed = object.putArray("failed");
        line.failed().forEach(run -> failed.add(run(run)));
        return object;
    }

    private static ObjectNode conditions(Conditions conditions) {
        ObjectNode object = MAPPER.createObjectNode();
        object.put("epochs", conditions.epochs());
        object.put("dataset", conditions.dataset());
        object.put("synthetic", conditions.synthetic());
        object.put("changed", conditions.changed());
        object.put("fingerprint", conditions.fingerprint());
        object.put("likePaper", conditions.likePaper());
        return object;
    }

    /** Percent and points. */
    private static ObjectNode figure(double paper, Sample sample, OptionalDouble difference) {
        ObjectNode object = MAPPER.createObjectNode();
        object.put("paperPercent", paper);
        object.put("count", sample.count());
        object.put("meanPercent", EntryJson.finite(sample.mean()));
        object.put("standardDeviation", orNull(sample.deviation()));
        object.put("difference", orNull(difference));
        return object;
    }

    private static ObjectNode run(Entry.Finished run) {
        ObjectNode object = MAPPER.createObjectNode();
        object.put("run", run.runId());
        object.put("seed", run.job().seed());
        object.put("at", run.at().toString());
        object.set("figures", EntryJson.figures(run.figures()));
        object.put("millisPerIteration", EntryJson.finite(run.millisPerIteration()));
        object.set("settings", EntryJson.texts(run.settings()));
        object.set("versions", EntryJson.texts(run.versions()));
        return object;
    }

    private static ObjectNode run(Entry.Failed run) {
        ObjectNode object = MAPPER.createObjectNode();
        object.put("run", run.runId());
        object.put("seed", run.job().seed());
        object.put("at", run.at().toString());
        object.put("reason", run.reason());
        return object;
    }

    private static @Nullable Double orNull(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }
}
