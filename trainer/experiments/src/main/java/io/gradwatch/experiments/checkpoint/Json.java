package io.gradwatch.experiments.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** Records as JSON and back; doubles keep every bit, NaN and the infinities are strings. */
final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Json() {}

    static byte[] write(Object value) throws IOException {
        return MAPPER.writeValueAsBytes(value);
    }

    /**
     * @throws IOException it is no JSON, of another format version, or something in it is missing or of another kind
     */
    static <T> T read(byte[] json, Class<T> type, int formatVersion) throws IOException {
        try {
            return read(MAPPER.readTree(json), type, formatVersion);
        } catch (JsonProcessingException e) {
            throw new IOException("its JSON cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    private static <T> T read(JsonNode tree, Class<T> type, int formatVersion) throws IOException {
        JsonNode version = tree.path("formatVersion");
        if (!version.isInt() || version.intValue() != formatVersion) {
            throw new IOException("its format version is " + (version.isMissingNode() ? "missing" : version)
                    + ", this Gradwatch reads " + formatVersion);
        }
        return MAPPER.treeToValue(tree, type);
    }
}
