package io.gradwatch.experiments.table1;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.OptionalDouble;

/** The table as JSON, with every run behind it. */
final class JsonTable {
    private JsonTable() {}

    static String of(Table table) {
        JsonObject all = new JsonObject();
        all.addProperty("format", "gradwatch-table1");
        all.addProperty("formatVersion", 1);
        all.addProperty("at", table.at().toString());
        all.addProperty("gradwatch", table.version());
        all.addProperty("paperEpochs", Conditions.PAPER_EPOCHS);
        JsonArray lines = new JsonArray();
        table.lines().forEach(line -> lines.add(line(line)));
        all.add("lines", lines);
        return new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .serializeNulls()
                        .create()
                        .toJson(all)
                + "\n";
    }

    private static JsonObject line(Line line) {
        JsonObject object = new JsonObject();
        Row row = line.row();
        object.addProperty("number", row.number());
        object.addProperty("row", row.name());
        object.addProperty("batch", row.batchSize());
        object.addProperty("lr", row.learningRate());
        object.addProperty("weightDecay", row.weightDecay());
        object.addProperty("status", line.instead().orElse("figures"));
        object.add(
                "conditions",
                line.conditions().<JsonElement>map(JsonTable::conditions).orElse(JsonNull.INSTANCE));
        object.add("test", figure(row.paperTest(), line.test(), line.testDifference()));
        object.add("train", figure(row.paperTrain(), line.train(), line.trainDifference()));
        JsonArray caveats = new JsonArray();
        line.caveats().forEach(caveat -> caveats.add(caveat.meaning()));
        object.add("caveats", caveats);
        object.addProperty("runsPlanned", line.planned());
        object.addProperty("runsUnfinished", line.begun());
        JsonArray finished = new JsonArray();
        line.finished().forEach(run -> finished.add(run(run)));
        object.add("finished", finished);
        JsonArray failed = new JsonArray();
        line.failed().forEach(run -> failed.add(run(run)));
        object.add("failed", failed);
        return object;
    }

    private static JsonObject conditions(Conditions conditions) {
        JsonObject object = new JsonObject();
        object.addProperty("epochs", conditions.epochs());
        object.addProperty("dataset", conditions.dataset());
        object.addProperty("synthetic", conditions.synthetic());
        object.addProperty("changed", conditions.changed());
        object.addProperty("fingerprint", conditions.fingerprint());
        object.addProperty("likePaper", conditions.likePaper());
        return object;
    }

    /** Percent and points. */
    private static JsonObject figure(double paper, Sample sample, OptionalDouble difference) {
        JsonObject object = new JsonObject();
        object.addProperty("paperPercent", paper);
        object.addProperty("count", sample.count());
        object.add("meanPercent", EntryJson.number(sample.mean()));
        object.add("standardDeviation", number(sample.deviation()));
        object.add("difference", number(difference));
        return object;
    }

    private static JsonObject run(Entry.Finished run) {
        JsonObject object = new JsonObject();
        object.addProperty("run", run.runId());
        object.addProperty("seed", run.job().seed());
        object.addProperty("at", run.at().toString());
        object.add("figures", EntryJson.figures(run.figures()));
        object.add("millisPerIteration", EntryJson.number(run.millisPerIteration()));
        object.add("settings", EntryJson.texts(run.settings()));
        object.add("versions", EntryJson.texts(run.versions()));
        return object;
    }

    private static JsonObject run(Entry.Failed run) {
        JsonObject object = new JsonObject();
        object.addProperty("run", run.runId());
        object.addProperty("seed", run.job().seed());
        object.addProperty("at", run.at().toString());
        object.addProperty("reason", run.reason());
        return object;
    }

    private static JsonElement number(OptionalDouble value) {
        return value.isPresent() ? new JsonPrimitive(value.getAsDouble()) : JsonNull.INSTANCE;
    }
}
