package io.gradwatch.telemetry.live;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * A run as a viewer is told of it when it subscribes. The hub only reads the three values.
 *
 * @param run as {@code GET /runs/{id}} answers
 * @param layers the {@code items} of {@code GET /runs/{id}/layers}
 * @param batchNorms the {@code batchNorms} of {@code GET /runs/{id}/layers}
 */
public record RunView(JsonObject run, JsonArray layers, JsonArray batchNorms) {}
