package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.rulefile.RuleFileStatus;
import io.gradwatch.telemetry.rulefile.RulesInForce;
import io.gradwatch.telemetry.rules.user.Problem;
import io.gradwatch.telemetry.rules.user.RuleSet;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/** Rules and their file as JSON. */
final class RulesJson {
    private RulesJson() {}

    static JsonObject rules(RulesInForce rules) {
        JsonArray items = new JsonArray();
        rules.rules().entries().forEach(entry -> items.add(entry(entry)));
        return new JsonObject().put("items", items).put("next", null).put("file", file(rules));
    }

    private static JsonObject entry(RuleSet.Entry entry) {
        return AlertJson.rule(entry.description())
                .put("source", entry.standard() ? "standard" : "file")
                .put("line", entry.line() == 0 ? null : entry.line())
                .put("enabled", entry.enabled())
                .put("changes", new JsonArray(entry.changes()))
                .put("inhibitedBy", new JsonArray(entry.inhibitedBy()))
                .put("catches", new JsonArray(entry.catches()))
                .put(
                        "action",
                        entry.action()
                                .map(a -> new JsonObject().put("do", a.text()).put("dryRun", a.dryRun()))
                                .orElse(null));
    }

    private static JsonObject file(RulesInForce rules) {
        RuleFileStatus status = rules.status();
        return new JsonObject()
                .put("path", status.file().toString())
                .put("state", status.state().name().toLowerCase(Locale.ROOT))
                .put("since", JsonValues.time(status.sinceMs()))
                .put("inForceSince", JsonValues.time(status.inForceSinceMs()))
                .put("problems", problems(status.problems()))
                .put("inForce", rules.rules().text());
    }

    static JsonArray problems(List<Problem> problems) {
        JsonArray array = new JsonArray();
        problems.forEach(p -> array.add(
                new JsonObject().put("line", p.line()).put("column", p.column()).put("message", p.message())));
        return array;
    }
}
