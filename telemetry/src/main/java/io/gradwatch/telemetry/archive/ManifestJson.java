package io.gradwatch.telemetry.archive;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.gradwatch.contract.RunIds;
import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.AlertAcknowledgement;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.telemetry.history.PartitionOffset;
import io.gradwatch.telemetry.history.RunSnapshot;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Manifests as JSON, and back. */
final class ManifestJson {
    private static final String FORMAT = "gradwatch-run";

    private ManifestJson() {}

    static byte[] write(Manifest m) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.FACTORY.createGenerator(text).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeStringField("format", FORMAT);
            json.writeNumberField("version", Manifest.VERSION);
            json.writeNumberField("schemaVersion", m.schemaVersion());
            json.writeStringField("writtenAt", m.writtenAt().toString());
            json.writeObjectFieldStart("run");
            json.writeStringField("id", m.runId());
            json.writeStringField("name", m.name());
            json.writeStringField("state", m.state());
            json.writeNumberField("attempt", m.attempt());
            json.writeEndObject();
            annotation(json, m.annotation());
            json.writeStringField("importedFrom", m.origin().orElse(null));
            log(json, m);
            json.writeArrayFieldStart("tables");
            for (Manifest.TableFile t : m.tables()) {
                json.writeStartObject();
                json.writeStringField("table", t.table());
                json.writeStringField("file", t.file());
                json.writeNumberField("rows", t.rows());
                json.writeNumberField("bytes", t.bytes());
                json.writeStringField("sha256", t.sha256());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a text in memory
        }
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void annotation(JsonGenerator json, @Nullable RunAnnotation a) throws IOException {
        if (a == null) {
            json.writeNullField("annotation");
            return;
        }
        json.writeObjectFieldStart("annotation");
        json.writeStringField("name", a.getName());
        texts(json, "tags", a.getTagsList());
        json.writeStringField("notes", a.getNotes());
        texts(json, "labels", a.getLabelsList());
        json.writeArrayFieldStart("acknowledged");
        for (AlertAcknowledgement seen : a.getAcknowledgedList()) {
            json.writeStartObject();
            json.writeStringField("alertId", seen.getAlertId());
            json.writeStringField("by", seen.getBy());
            json.writeStringField("note", seen.getNote());
            json.writeNumberField("atMs", seen.getAtMs());
            json.writeStringField("severity", seen.getSeverity().name());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void texts(JsonGenerator json, String field, List<String> texts) throws IOException {
        json.writeArrayFieldStart(field);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private static void log(JsonGenerator json, Manifest m) throws IOException {
        json.writeObjectFieldStart("log");
        json.writeStringField("cluster", m.clusterId());
        if (m.log().isPresent()) {
            RunSnapshot.Extent e = m.log().get();
            json.writeNumberField("partition", e.partition());
            json.writeNumberField("firstOffset", e.firstOffset());
            json.writeNumberField("lastOffset", e.lastOffset());
        }
        json.writeArrayFieldStart("readUpTo");
        for (PartitionOffset o : m.offsets()) {
            json.writeStartObject();
            json.writeStringField("topic", o.topic());
            json.writeNumberField("partition", o.partition());
            json.writeNumberField("offset", o.nextOffset());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /**
     * Reads a manifest.
     *
     * @param where its place, for messages
     */
    static Manifest read(byte[] text, String where) throws ArchiveException {
        try {
            Fields all = new Fields(Json.read(text), where);
            if (!FORMAT.equals(all.text("format"))) {
                throw ArchiveException.damaged(
                        where + ": format is \"" + all.text("format") + "\"; accepted is " + FORMAT);
            }
            if (all.number("version") != Manifest.VERSION) {
                throw ArchiveException.damaged(where + " is of version " + all.number("version")
                        + "; accepted is version " + Manifest.VERSION + " (use the Gradwatch that wrote it)");
            }
            Fields run = all.object("run");
            String id = run.text("id");
            if (!RunIds.isValid(id)) {
                throw ArchiveException.damaged(where + ": run.id is \"" + id + "\"; accepted are " + RunIds.FORM);
            }
            Fields log = all.object("log");
            List<Manifest.TableFile> tables = new ArrayList<>();
            for (Fields t : all.objects("tables")) {
                String table = t.text("table");
                if (!table.matches("[a-z_]{1,40}")) {
                    throw ArchiveException.damaged(where + ": a table is called \"" + table + "\"");
                }
                tables.add(new Manifest.TableFile(table, t.number("rows"), t.number("bytes"), t.text("sha256")));
            }
            List<PartitionOffset> offsets = new ArrayList<>();
            for (Fields o : log.objects("readUpTo")) {
                offsets.add(new PartitionOffset(o.text("topic"), (int) o.number("partition"), o.number("offset")));
            }
            return new Manifest(
                    (int) all.number("schemaVersion"),
                    Instant.parse(all.text("writtenAt")),
                    id,
                    run.text("name"),
                    run.text("state"),
                    (int) run.number("attempt"),
                    all.has("annotation") ? annotation(all.object("annotation")) : null,
                    log.has("cluster") ? log.text("cluster") : null,
                    log.has("firstOffset")
                            ? Optional.of(new RunSnapshot.Extent(
                                    (int) log.number("partition"), log.number("firstOffset"), log.number("lastOffset")))
                            : Optional.empty(),
                    offsets,
                    all.has("importedFrom") ? Optional.of(all.text("importedFrom")) : Optional.empty(),
                    tables);
        } catch (JsonProcessingException e) {
            throw new ArchiveException(
                    ArchiveException.Kind.DAMAGED, where + " is not JSON: " + e.getOriginalMessage(), e);
        } catch (DateTimeException e) {
            throw new ArchiveException(ArchiveException.Kind.DAMAGED, where + ": writtenAt: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // bytes in memory
        }
    }

    private static RunAnnotation annotation(Fields a) throws ArchiveException {
        RunAnnotation.Builder annotation = RunAnnotation.newBuilder()
                .setName(a.text("name"))
                .addAllTags(a.texts("tags"))
                .setNotes(a.text("notes"))
                .addAllLabels(a.texts("labels"));
        for (Fields seen : a.has("acknowledged") ? a.objects("acknowledged") : List.<Fields>of()) {
            annotation.addAcknowledged(AlertAcknowledgement.newBuilder()
                    .setAlertId(seen.text("alertId"))
                    .setBy(seen.text("by"))
                    .setNote(seen.text("note"))
                    .setAtMs(seen.number("atMs"))
                    .setSeverity(severity(seen)));
        }
        return annotation.build();
    }

    private static Alert.Severity severity(Fields seen) throws ArchiveException {
        String name = seen.text("severity");
        for (Alert.Severity severity : Alert.Severity.values()) {
            if (severity.name().equals(name)) {
                return severity;
            }
        }
        throw ArchiveException.damaged("severity is " + name + "; accepted is INFO, WARNING or CRITICAL");
    }

    /** An object whose fields are asked for by name and type. */
    private static final class Fields {
        private final Map<?, ?> fields;
        private final String where;

        Fields(@Nullable Object value, String where) throws ArchiveException {
            if (!(value instanceof Map<?, ?> map)) {
                throw ArchiveException.damaged(where + " is not a JSON object");
            }
            this.fields = map;
            this.where = where;
        }

        boolean has(String name) {
            return fields.get(name) != null;
        }

        String text(String name) throws ArchiveException {
            return field(name, String.class, "a text");
        }

        long number(String name) throws ArchiveException {
            return field(name, Long.class, "a whole number");
        }

        Fields object(String name) throws ArchiveException {
            return new Fields(field(name, Map.class, "an object"), where + ": " + name);
        }

        List<Fields> objects(String name) throws ArchiveException {
            List<Fields> all = new ArrayList<>();
            for (Object element : field(name, List.class, "a list")) {
                all.add(new Fields(element, where + ": " + name + "[" + all.size() + "]"));
            }
            return all;
        }

        List<String> texts(String name) throws ArchiveException {
            List<String> all = new ArrayList<>();
            for (Object element : field(name, List.class, "a list")) {
                all.add(String.valueOf(element));
            }
            return all;
        }

        private <T> T field(String name, Class<T> type, String accepted) throws ArchiveException {
            Object value = fields.get(name);
            if (!type.isInstance(value)) {
                throw ArchiveException.damaged(where + ": " + name + (value == null ? " is missing" : " is " + value)
                        + "; accepted is " + accepted);
            }
            return type.cast(value);
        }
    }
}
