package io.gradwatch.telemetry.http;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Silence;
import io.gradwatch.telemetry.history.AlertHistory;
import io.gradwatch.telemetry.rules.RuleDescription;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Alerts and rules as JSON. */
final class AlertJson {
    private AlertJson() {}

    /** @param nowMs for the silences that are in force */
    static JsonObject alert(AlertHistory history, long nowMs) {
        Alert a = history.newest();
        JsonArray transitions = new JsonArray();
        history.transitions()
                .forEach(t -> transitions.add(new JsonObject()
                        .put("transition", t.getTransition())
                        .put("state", AlertHistory.label(t.getState()))
                        .put("severity", severity(t.getSeverity()))
                        .put("since", JsonValues.time(t.getSinceMs()))
                        .put("iteration", t.getLastIteration())));
        return new JsonObject()
                .put("id", a.getAlertId())
                .put("runId", history.runId())
                .put("attempt", history.attempt())
                .put("rule", a.getRule())
                .put("version", a.getRuleVersion())
                .put("severity", severity(a.getSeverity()))
                .put("state", AlertHistory.label(a.getState()))
                .put("since", JsonValues.time(a.getSinceMs()))
                .put("firstIteration", a.getFirstIteration())
                .put(
                        "firedIteration",
                        history.fired().map(Alert::getLastIteration).orElse(null))
                .put("lastIteration", a.getLastIteration())
                .put("layers", RunJson.array(a.getLayersList()))
                .put("cutLayer", a.hasCutLayer() ? a.getCutLayer() : null)
                .put("cutLayerName", history.cutLayerName().orElse(null))
                .put("decadesLost", JsonValues.number(a.getInputsMap().get("decades_lost")))
                .put("message", a.getMessage())
                .put("inputs", numbers(a.getInputsMap()))
                .put("thresholds", numbers(a.getThresholdsMap()))
                .put("partition", a.getPartition())
                .put("firstOffset", a.getFirstOffset())
                .put("lastOffset", a.getLastOffset())
                .put("acknowledged", acknowledged(history))
                .put(
                        "silenced",
                        history.attention()
                                .silenced(a.getRule(), nowMs)
                                .map(AlertJson::silence)
                                .orElse(null))
                .put("transitions", transitions);
    }

    private static @Nullable JsonObject acknowledged(AlertHistory history) {
        return history.attention()
                .acknowledged(history.newest().getAlertId())
                .map(seen -> new JsonObject()
                        .put("by", seen.getBy())
                        .put("note", seen.getNote())
                        .put("at", JsonValues.time(seen.getAtMs()))
                        .put("severity", severity(seen.getSeverity())))
                .orElse(null);
    }

    static JsonObject silence(Silence silence) {
        return new JsonObject()
                .put("rule", silence.getRule().isEmpty() ? null : silence.getRule())
                .put("from", JsonValues.time(silence.getFromMs()))
                .put("until", JsonValues.time(silence.getUntilMs()))
                .put("by", silence.getBy())
                .put("reason", silence.getReason());
    }

    static JsonObject rule(RuleDescription rule) {
        JsonObject parameters = new JsonObject();
        rule.parameters().forEach((name, value) -> parameters.put(name, JsonValues.number(value)));
        return new JsonObject()
                .put("rule", rule.rule())
                .put("version", rule.version())
                .put("severity", severity(rule.severity()))
                .put("description", rule.description())
                .put("parameters", parameters)
                .put("catches", RunJson.array(new TreeSet<>(rule.catches())));
    }

    private static JsonObject numbers(Map<String, Double> values) {
        JsonObject json = new JsonObject();
        new TreeMap<>(values).forEach((name, value) -> json.put(name, JsonValues.number(value)));
        return json;
    }

    private static String severity(Alert.Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }
}
