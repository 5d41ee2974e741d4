package io.gradwatch.experiments.table1;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Entries as JSON, one a line. NaN and the infinities, which JSON does not have, become null and come back as NaN. */
final class EntryJson {
    private static final int VERSION = 1;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private EntryJson() {}

    /** One line, without its end. */
    static String write(Entry entry) {
        ObjectNode line = MAPPER.createObjectNode();
        line.put("v", VERSION);
        line.put("kind", kindOf(entry));
        line.put("at", entry.at().toString());
        line.put("row", entry.job().row());
        line.put("seed", entry.job().seed());
        Conditions conditions = entry.conditions();
        line.put("epochs", conditions.epochs());
        line.put("dataset", conditions.dataset());
        line.put("synthetic", conditions.synthetic());
        line.put("changed", conditions.changed());
        line.put("fingerprint", conditions.fingerprint());
        if (entry instanceof Entry.Started started) {
            line.put("run", started.runId());
        } else if (entry instanceof Entry.Failed failed) {
            line.put("run", failed.runId());
            line.put("reason", failed.reason());
        } else if (entry instanceof Entry.Finished finished) {
            line.put("run", finished.runId());
            line.set("figures", figures(finished.figures()));
            line.put("millisPerIteration", finished.millisPerIteration());
            line.set("settings", texts(finished.settings()));
            line.set("versions", texts(finished.versions()));
        }
        return line.toString();
    }

    /**
     * The entry of a line.
     *
     * @throws IllegalArgumentException if it is damaged, or of a version that this one does not know; says which
     */
    static Entry read(String text) {
        try {
            JsonNode line = MAPPER.readTree(text);
            int version = whole(line, "v");
            if (version > VERSION) {
                throw new UnknownVersion(version);
            }
            return entry(line);
        } catch (UnknownVersion e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (JsonProcessingException | DateTimeException | IllegalArgumentException e) {
            throw new IllegalArgumentException("is damaged", e);
        }
    }

    /** Not damaged, but not to be read either. */
    private static final class UnknownVersion extends RuntimeException {
        UnknownVersion(int version) {
            super("is of version " + version + " of the format, this Gradwatch reads " + VERSION);
        }
    }

    private static Entry entry(JsonNode line) {
        Instant at = Instant.parse(text(line, "at"));
        Conditions conditions = new Conditions(
                whole(line, "epochs"),
                text(line, "dataset"),
                required(line, "synthetic").booleanValue(),
                text(line, "changed"),
                text(line, "fingerprint"));
        JobId job = new JobId(text(line, "row"), number(line, "seed").longValue(), conditions.fingerprint());
        String kind = text(line, "kind");
        return switch (kind) {
            case "planned" -> new Entry.Planned(at, job, conditions);
            case "started" -> new Entry.Started(at, job, conditions, text(line, "run"));
            case "failed" -> new Entry.Failed(at, job, conditions, text(line, "run"), text(line, "reason"));
            case "finished" ->
                new Entry.Finished(
                        at,
                        job,
                        conditions,
                        text(line, "run"),
                        figures(required(line, "figures")),
                        texts(required(line, "settings")),
                        texts(required(line, "versions")),
                        number(line, "millisPerIteration").doubleValue());
            default -> throw new IllegalArgumentException("kind " + kind);
        };
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

    static ObjectNode figures(Figures figures) {
        ObjectNode object = MAPPER.createObjectNode();
        object.put("bestEpoch", figures.bestEpoch());
        object.put("testAccuracy", finite(figures.testAccuracy()));
        object.put("testLoss", finite(figures.testLoss()));
        object.put("validationAccuracy", finite(figures.validationAccuracy()));
        object.put("validationLoss", finite(figures.validationLoss()));
        object.put("trainAccuracy", finite(figures.trainAccuracy()));
        object.put("trainLoss", finite(figures.trainLoss()));
        object.put("epochs", figures.epochs());
        object.put("iterations", figures.iterations());
        return object;
    }

    private static Figures figures(JsonNode object) {
        return new Figures(
                whole(object, "bestEpoch"),
                figure(object, "testAccuracy"),
                figure(object, "testLoss"),
                figure(object, "validationAccuracy"),
                figure(object, "validationLoss"),
                figure(object, "trainAccuracy"),
                figure(object, "trainLoss"),
                whole(object, "epochs"),
                number(object, "iterations").longValue());
    }

    /** Null for NaN and the infinities. */
    static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** Sorted by name, so that equal maps become equal text. */
    static ObjectNode texts(Map<String, String> values) {
        ObjectNode object = MAPPER.createObjectNode();
        new TreeMap<>(values).forEach(object::put);
        return object;
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> values = new TreeMap<>();
        object.fieldNames().forEachRemaining(name -> values.put(name, text(object, name)));
        return values;
    }

    private static double figure(JsonNode object, String name) {
        return required(object, name).isNull()
                ? Double.NaN
                : number(object, name).doubleValue();
    }

    private static int whole(JsonNode object, String name) {
        return number(object, name).intValue();
    }

    private static JsonNode number(JsonNode object, String name) {
        JsonNode value = required(object, name);
        if (!value.isNumber()) {
            throw new IllegalArgumentException(name + " is no number");
        }
        return value;
    }

    private static String text(JsonNode object, String name) {
        JsonNode value = required(object, name);
        if (!value.isTextual()) {
            throw new IllegalArgumentException(name + " is no text");
        }
        return value.textValue();
    }

    private static JsonNode required(JsonNode object, String name) {
        JsonNode value = object.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }
}
