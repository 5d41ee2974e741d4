package io.gradwatch.telemetry.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A body, ready to be sent with status 200. */
record Answer(String mediaType, Buffer body) {
    private static final String JSON = "application/json";

    static Answer json(JsonObject json) {
        return new Answer(JSON, json.toBuffer());
    }

    static Answer json(Buffer json) {
        return new Answer(JSON, json);
    }

    /** A part of a list, with the place of each item, for another service that merges it with others. */
    static <T> Answer placed(List<T> items, Function<T, JsonObject> json, List<String> places, Optional<String> next) {
        JsonArray array = new JsonArray();
        items.forEach(item -> array.add(json.apply(item)));
        return json(new JsonObject()
                .put("items", array)
                .put("places", new JsonArray(places))
                .put("next", next.orElse(null)));
    }

    /** A part of a list. */
    static <T> Answer list(List<T> items, Function<T, JsonObject> json, Optional<String> next) {
        JsonArray array = new JsonArray();
        items.forEach(item -> array.add(json.apply(item)));
        return json(new JsonObject().put("items", array).put("next", next.orElse(null)));
    }
}
