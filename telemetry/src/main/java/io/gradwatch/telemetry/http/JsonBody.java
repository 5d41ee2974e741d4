package io.gradwatch.telemetry.http;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Bodies of requests: JSON objects with known fields, and texts in them. Pure. */
final class JsonBody {
    private JsonBody() {}

    /**
     * Reads an object.
     *
     * @param fields that it may have
     * @throws ApiProblem it is none, or has others
     */
    static JsonObject read(byte[] body, List<String> fields) {
        String all = String.join(", ", fields);
        JsonObject json;
        try {
            json = new JsonObject(new String(body, StandardCharsets.UTF_8));
        } catch (DecodeException | ClassCastException e) {
            throw new ApiProblem(400, "the body is no JSON object; accepted is one with some of " + all, null, all);
        }
        for (String field : json.fieldNames()) {
            if (!fields.contains(field)) {
                String shown = field.length() <= 60 ? field : field.substring(0, 60) + "…";
                throw new ApiProblem(400, "there is no field \"" + shown + "\"; accepted is " + all, shown, all);
            }
        }
        return json;
    }

    /**
     * A text of one line.
     *
     * @param most characters
     * @return without white space around it; empty when it is not given, or null
     * @throws ApiProblem it is blank, too long, or no such text
     */
    static Optional<String> text(JsonObject json, String field, int most) {
        Object value = json.getValue(field);
        if (value == null) {
            return Optional.empty();
        }
        String accepted = "a text of 1 to " + most + " characters, without control characters";
        if (value instanceof String text
                && !text.isBlank()
                && text.length() <= most
                && text.chars().noneMatch(Character::isISOControl)) {
            return Optional.of(text.strip());
        }
        throw ApiProblem.badValue(field, String.valueOf(value), accepted);
    }
}
