package io.gradwatch.experiments.table1;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Entries as JSON, one a line. NaN and the infinities, which JSON does not have, become null and come back as NaN. */
final class EntryJson {
    private static final int VERSION = 1;

    private EntryJson() {}

    /** One line, without its end. */
    static String write(Entry entry) {
        JsonObject line = new JsonObject();
        line.addProperty("v", VERSION);
        line.addProperty("kind", kindOf(entry));
        line.addProperty("at", entry.at().toString());
        line.addProperty("row", entry.job().row());
        line.addProperty("seed", entry.job().seed());
        Conditions conditions = entry.conditions();
        line.addProperty("epochs", conditions.epochs());
        line.addProperty("dataset", conditions.dataset());
        line.addProperty("synthetic", conditions.synthetic());
        line.addProperty("changed", conditions.changed());
        line.addProperty("fingerprint", conditions.fingerprint());
        if (entry instanceof Entry.Started started) {
            line.addProperty("run", started.runId());
        } else if (entry instanceof Entry.Failed failed) {
            line.addProperty("run", failed.runId());
            line.addProperty("reason", failed.reason());
        } else if (entry instanceof Entry.Finished finished) {
            line.addProperty("run", finished.runId());
            line.add("figures", figures(finished.figures()));
            line.addProperty("millisPerIteration", finished.millisPerIteration());
            line.add("settings", texts(finished.settings()));
            line.add("versions", texts(finished.versions()));
        }
        return line.toString();
    }

    /**
     * The entry of a line.
     *
     * @throws IllegalArgumentException if it is damaged, or of a kind that this version does not know; says which
     */
    static Entry read(String text) {
        try {
            JsonObject line = parse(text);
            int version = line.get("v").getAsInt();
            if (version != VERSION) {
                throw new IllegalArgumentException("is of version " + version + " of the format, not " + VERSION);
            }
            return entry(line);
        } catch (JsonParseException
                | IOException
                | DateTimeException
                | IllegalStateException
                | NullPointerException // a member is missing
                | ClassCastException
                | UnsupportedOperationException
                | NumberFormatException e) {
            throw new IllegalArgumentException("is damaged", e);
        }
    }

    /** Strictly one object and nothing behind it. */
    private static JsonObject parse(String text) throws IOException {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        JsonObject line = JsonParser.parseReader(reader).getAsJsonObject();
        if (reader.peek() != JsonToken.END_DOCUMENT) {
            throw new JsonParseException("something follows the object");
        }
        return line;
    }

    private static Entry entry(JsonObject line) {
        String kind = line.get("kind").getAsString();
        Instant at = Instant.parse(line.get("at").getAsString());
        Conditions conditions = new Conditions(
                line.get("epochs").getAsInt(),
                line.get("dataset").getAsString(),
                line.get("synthetic").getAsBoolean(),
                line.get("changed").getAsString(),
                line.get("fingerprint").getAsString());
        JobId job = new JobId(line.get("row").getAsString(), line.get("seed").getAsLong(), conditions.fingerprint());
        if (kind.equals("planned")) {
            return new Entry.Planned(at, job, conditions);
        }
        String run = line.get("run").getAsString();
        if (kind.equals("started")) {
            return new Entry.Started(at, job, conditions, run);
        }
        if (kind.equals("failed")) {
            return new Entry.Failed(at, job, conditions, run, line.get("reason").getAsString());
        }
        if (kind.equals("finished")) {
            return new Entry.Finished(
                    at,
                    job,
                    conditions,
                    run,
                    figures(line.getAsJsonObject("figures")),
                    texts(line.getAsJsonObject("settings")),
                    texts(line.getAsJsonObject("versions")),
                    line.get("millisPerIteration").getAsDouble());
        }
        throw new IllegalArgumentException("is of an unknown kind, \"" + kind + "\"");
    }

    private static String kindOf(Entry entry) {
        if (entry instanceof Entry.Planned) {
            return "planned";
        }
        if (entry instanceof Entry.Started) {
            return "started";
        }
        return entry instanceof Entry.Finished ? "finished" : "failed";
    }

    static JsonObject figures(Figures figures) {
        JsonObject object = new JsonObject();
        object.addProperty("bestEpoch", figures.bestEpoch());
        object.add("testAccuracy", number(figures.testAccuracy()));
        object.add("testLoss", number(figures.testLoss()));
        object.add("validationAccuracy", number(figures.validationAccuracy()));
        object.add("validationLoss", number(figures.validationLoss()));
        object.add("trainAccuracy", number(figures.trainAccuracy()));
        object.add("trainLoss", number(figures.trainLoss()));
        object.addProperty("epochs", figures.epochs());
        object.addProperty("iterations", figures.iterations());
        return object;
    }

    private static Figures figures(JsonObject object) {
        return new Figures(
                object.get("bestEpoch").getAsInt(),
                number(object.get("testAccuracy")),
                number(object.get("testLoss")),
                number(object.get("validationAccuracy")),
                number(object.get("validationLoss")),
                number(object.get("trainAccuracy")),
                number(object.get("trainLoss")),
                object.get("epochs").getAsInt(),
                object.get("iterations").getAsLong());
    }

    static JsonElement number(double value) {
        return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
    }

    private static double number(@Nullable JsonElement element) {
        if (element == null) {
            throw new JsonParseException("a number is missing");
        }
        return element.isJsonNull() ? Double.NaN : element.getAsDouble();
    }

    /** Sorted by name, so that equal maps become equal text. */
    static JsonObject texts(Map<String, String> values) {
        JsonObject object = new JsonObject();
        new TreeMap<>(values).forEach(object::addProperty);
        return object;
    }

    private static Map<String, String> texts(JsonObject object) {
        Map<String, String> values = new TreeMap<>();
        object.entrySet()
                .forEach(member -> values.put(member.getKey(), member.getValue().getAsString()));
        return values;
    }
}
