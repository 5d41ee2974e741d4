package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.backtest.RuleSource;
import io.gradwatch.telemetry.query.Query;
import io.gradwatch.telemetry.query.QueryParser;
import io.gradwatch.telemetry.query.QuerySyntaxException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What {@code POST /rules/backtest} asks for. Pure.
 *
 * @param query which runs; empty: none but those of {@code ids}
 * @param ids further runs
 * @param transitions whether to tell every transition, not only the firings
 */
record BacktestRequest(Optional<Query> query, List<String> ids, RuleSource rules, boolean transitions) {
    private static final List<String> FIELDS = List.of("query", "ids", "rules", "transitions");
    private static final String RULES = "\"standard\", \"peers\", {\"yaml\": \"…\"}, or a list of"
            + " {\"rule\": \"vanish-floor\", \"parameters\": {\"warning_share\": 0.3}} with rules and parameters of"
            + " GET /api/v1/rules";

    /**
     * Reads a body.
     *
     * @param now what times in the query are relative to
     * @param written makes rules of the text that people wrote them in
     * @throws ApiProblem that names the field and what is accepted
     */
    static BacktestRequest read(byte[] body, Instant now, Function<String, RuleSource> written) {
        JsonObject json;
        try {
            json = body.length == 0 ? new JsonObject() : new JsonObject(new String(body, StandardCharsets.UTF_8));
        } catch (DecodeException | ClassCastException e) {
            String accepted = "one with some of " + String.join(", ", FIELDS);
            throw new ApiProblem(400, "the body is no JSON object; accepted is " + accepted, null, accepted);
        }
        for (String field : json.fieldNames()) {
            if (!FIELDS.contains(field)) {
                throw ApiProblem.badValue("field", field, String.join(", ", FIELDS));
            }
        }
        List<String> ids = ids(json);
        return new BacktestRequest(
                query(json, ids, now), ids, rules(json.getValue("rules", "standard"), written), flag(json));
    }

    private static Optional<Query> query(JsonObject json, List<String> ids, Instant now) {
        Object text = json.getValue("query", "");
        if (!(text instanceof String asked)) {
            throw ApiProblem.badValue("query", String.valueOf(text), "a text in the language of docs/query.md");
        }
        if (!json.containsKey("query") && !ids.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(QueryParser.parse(asked, now));
        } catch (QuerySyntaxException e) {
            throw ApiProblem.badSyntax("query", e);
        }
    }

    private static List<String> ids(JsonObject json) {
        String accepted = "a list of ids of runs";
        if (!(json.getValue("ids", new JsonArray()) instanceof JsonArray array)) {
            throw ApiProblem.badValue("ids", String.valueOf(json.getValue("ids")), accepted);
        }
        Set<String> ids = new LinkedHashSet<>();
        for (Object id : array) {
            if (!(id instanceof String text)) {
                throw ApiProblem.badValue("ids", String.valueOf(id), accepted);
            }
            ids.add(text);
        }
        return new ArrayList<>(ids);
    }

    private static boolean flag(JsonObject json) {
        if (!(json.getValue("transitions", false) instanceof Boolean flag)) {
            throw ApiProblem.badValue("transitions", String.valueOf(json.getValue("transitions")), "true, false");
        }
        return flag;
    }

    private static RuleSource rules(Object rules, Function<String, RuleSource> written) {
        if (rules.equals("standard")) {
            return RuleSource.standard();
        } else if (rules.equals("peers")) {
            return RuleSource.peers();
        } else if (rules instanceof JsonArray list) {
            return RuleSource.changed(changes(list));
        } else if (rules instanceof JsonObject object
                && object.fieldNames().equals(Set.of("yaml"))
                && object.getValue("yaml") instanceof String text) {
            return written.apply(text);
        }
        throw ApiProblem.badValue("rules", String.valueOf(rules), RULES);
    }

    private static Map<String, Map<String, Double>> changes(JsonArray list) {
        Map<String, Map<String, Double>> changes = new LinkedHashMap<>();
        for (Object item : list) {
            if (!(item instanceof JsonObject rule)
                    || !(rule.getValue("rule") instanceof String name)
                    || !(rule.getValue("parameters", new JsonObject()) instanceof JsonObject parameters)
                    || changes.containsKey(name)) {
                throw ApiProblem.badValue("rules", String.valueOf(item), RULES);
            }
            Map<String, Double> values = new LinkedHashMap<>();
            for (String parameter : parameters.fieldNames()) {
                if (!(parameters.getValue(parameter) instanceof Number number)) {
                    throw ApiProblem.badValue(
                            "rules." + name + "." + parameter,
                            String.valueOf(parameters.getValue(parameter)),
                            "a number");
                }
                values.put(parameter, number.doubleValue());
            }
            changes.put(name, values);
        }
        return changes;
    }
}
