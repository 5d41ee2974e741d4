package io.gradwatch.launcher.datadir;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The file {@code instance.json}, by which the commands find what runs. */
final class InstanceFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private InstanceFile() {}

    /** What the file says, whether or not that process still runs; empty without a readable file. */
    static Optional<Instance> read(Path file) throws IOException {
        try {
            JsonNode node = JSON.readTree(Files.readString(file));
            List<Long> children = new ArrayList<>();
            node.path("children").forEach(child -> children.add(child.asLong()));
            return Optional.of(new Instance(
                    node.path("pid").asLong(),
                    Instant.parse(node.path("startedAt").asText()),
                    text(node, "kafka"),
                    text(node, "kafkaConfig"),
                    text(node, "url"),
                    text(node, "tlsCertificate"),
                    children));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonProcessingException | DateTimeParseException e) {
            return Optional.empty(); // cut off by a full disk: as good as none
        }
    }

    /** Replaces the file; a reader sees the old or the new one. */
    static void write(Path file, Instance instance) throws IOException {
        ObjectNode node = JSON.createObjectNode();
        node.put("pid", instance.pid());
        node.put("startedAt", instance.startedAt().toString());
        node.put("kafka", instance.kafka());
        node.put("kafkaConfig", instance.kafkaConfig());
        node.put("url", instance.url());
        node.put("tlsCertificate", instance.tlsCertificate());
        ArrayNode children = node.putArray("children");
        instance.children().forEach(children::add);
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, node.toPrettyString() + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isTextual() ? value.asText() : null;
    }
}
