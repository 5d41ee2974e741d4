package io.gradwatch.telemetry.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tables of {@link RunComparison} about different runs, side by side. */
final class ComparisonParts {
    private ComparisonParts() {}

    /**
     * One table of several.
     *
     * @param parts each with all of its rows
     * @param runs in the order of the columns
     * @param all rows whose values are all equal, too
     */
    static JsonObject joined(List<JsonObject> parts, List<String> runs, boolean all) {
        record Row(String group, String name) {}
        Map<String, JsonObject> heads = new HashMap<>();
        Map<Row, Map<String, Object>> rows = new LinkedHashMap<>();
        for (JsonObject part : parts) {
            List<String> columns = new ArrayList<>();
            for (Object head : part.getJsonArray("runs")) {
                String id = ((JsonObject) head).getString("id");
                heads.put(id, (JsonObject) head);
                columns.add(id);
            }
            for (Object one : part.getJsonArray("rows")) {
                JsonObject row = (JsonObject) one;
                Map<String, Object> values = rows.computeIfAbsent(
                        new Row(row.getString("group"), row.getString("name")), r -> new HashMap<>());
                JsonArray given = row.getJsonArray("values");
                for (int i = 0; i < columns.size(); i++) {
                    if (given.getValue(i) != null) {
                        values.put(columns.get(i), given.getValue(i));
                    }
                }
            }
        }
        JsonArray table = new JsonArray();
        int equal = 0;
        List<Row> order = new ArrayList<>(rows.keySet());
        List<String> groups = List.of("parameter", "result", "version");
        order.sort((a, b) -> Integer.compare(groups.indexOf(a.group()), groups.indexOf(b.group())));
        for (Row row : order) {
            List<Optional<Object>> values = runs.stream()
                    .map(run ->
                            Optional.ofNullable(rows.getOrDefault(row, Map.of()).get(run)))
                    .toList();
            boolean differs = new HashSet<>(values).size() > 1;
            equal += differs ? 0 : 1;
            if (differs || all) {
                JsonArray shown = new JsonArray();
                values.forEach(value -> shown.add(value.orElse(null)));
                table.add(new JsonObject()
                        .put("group", row.group())
                        .put("name", row.name())
                        .put("differs", differs)
                        .put("values", shown));
            }
        }
        JsonArray columns = new JsonArray();
        runs.forEach(run -> columns.add(heads.get(run)));
        return new JsonObject().put("runs", columns).put("rows", table).put("equal", equal);
    }
}
