package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.history.Bucket;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.Metric;
import io.gradwatch.telemetry.history.RunExtent;
import io.gradwatch.telemetry.history.RunQueries;
import io.gradwatch.telemetry.history.SupersededQueries;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /runs/{id}/superseded}: what newer attempts of a run have replaced. */
final class SupersededRoute {
    private static final int MOST_BUCKETS = 2_000;
    private static final List<String> NAMES = Metric.names().stream()
            .filter(name ->
                    Metric.of(name).filter(m -> m.scope() == Metric.Scope.RUN).isPresent())
            .toList();

    private final RunQueries runs;
    private final SupersededQueries superseded;
    private final Questions questions;

    SupersededRoute(History history, Questions questions) {
        this.runs = history.runs();
        this.superseded = history.superseded();
        this.questions = questions;
    }

    void superseded(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "metric", "attempt", "buckets");
        Set<Metric> metrics = metrics(query);
        long attempt = query.whole("attempt", 0, 1, Integer.MAX_VALUE);
        OptionalInt only = attempt == 0 ? OptionalInt.empty() : OptionalInt.of((int) attempt);
        int most = (int) query.whole("buckets", 600, 1, MOST_BUCKETS);
        String id = ctx.pathParam("id");
        questions.answer(ctx, () -> {
            RunExtent run = runs.extent(id).orElseThrow(() -> ApiProblem.unknownRun(id));
            JsonArray items = new JsonArray();
            for (Metric metric : metrics) {
                superseded.of(run, metric, most, only).forEach(stretch -> items.add(json(metric, stretch)));
            }
            return Answer.json(new JsonObject().put("items", items).put("next", null));
        });
    }

    private static Set<Metric> metrics(QueryParameters query) {
        String accepted = "one or several, separated by commas, of " + String.join(", ", NAMES);
        Set<Metric> metrics = new LinkedHashSet<>();
        for (String name : query.text("metric").orElse("loss").split(",", -1)) {
            metrics.add(Metric.of(name)
                    .filter(m -> m.scope() == Metric.Scope.RUN)
                    .orElseThrow(() -> ApiProblem.badValue("metric", name, accepted)));
        }
        return metrics;
    }

    private static JsonObject json(Metric metric, SupersededQueries.Stretch stretch) {
        JsonArray buckets = new JsonArray();
        stretch.buckets().forEach(b -> buckets.add(json(metric, b)));
        return new JsonObject()
                .put("metric", metric.name())
                .put("attempt", stretch.attempt())
                .put("from", stretch.from())
                .put("to", stretch.to())
                .put("buckets", buckets);
    }

    private static JsonObject json(Metric metric, Bucket b) {
        return new JsonObject()
                .put("from", b.from())
                .put("to", b.to())
                .put("count", b.count())
                .put("min", raw(metric, b.min()))
                .put("max", raw(metric, b.max()))
                .put("mean", JsonValues.number(b.mean()))
                .put("first", raw(metric, b.first()))
                .put("last", raw(metric, b.last()))
                .put("nan", b.nan())
                .put("inf", b.inf());
    }

    /** With the digits that it was measured with. */
    private static @Nullable Object raw(Metric metric, @Nullable Double value) {
        return value != null && metric.kind() == Metric.Kind.FLOAT
                ? JsonValues.number(value.floatValue())
                : JsonValues.number(value);
    }
}
