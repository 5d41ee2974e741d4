package io.gradwatch.telemetry.http;

import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.history.Divergence;
import io.gradwatch.telemetry.history.DivergenceQueries;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.Metric;
import io.gradwatch.telemetry.history.RunExtent;
import io.gradwatch.telemetry.history.RunQueries;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /divergence}: the first iteration at which two runs differ. */
final class DivergenceRoute {
    /** What a step computes first, what it makes of the layers, and what comes of it. */
    private static final String USUAL = "loss,gradient.mean_abs,parameter.l2";

    private final RunQueries runs;
    private final DivergenceQueries divergence;
    private final Questions questions;

    DivergenceRoute(History history, Questions questions) {
        this.runs = history.runs();
        this.divergence = history.divergence();
        this.questions = questions;
    }

    void divergence(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "runs", "metric", "tolerance");
        List<String> ids = RunChoice.several(query);
        if (ids.size() != 2) {
            throw ApiProblem.badValue("runs", String.join(",", ids), "ids of two runs, separated by a comma");
        }
        List<Metric> metrics = SeriesRequest.metrics(query, USUAL);
        double tolerance = query.text("tolerance").filter("0"::equals).isPresent()
                ? 0
                : query.number("tolerance", 0, 1, "0, or a share of the larger value, at most 1")
                        .orElse(0.0);
        questions.answer(ctx, () -> {
            RunExtent a = RunChoice.run(runs, ids.get(0));
            RunExtent b = RunChoice.run(runs, ids.get(1));
            Divergence found = divergence.compare(a, b, metrics, tolerance);
            Names names = new Names(runs, ids);
            JsonObject json = new JsonObject()
                    .put("runs", new JsonArray(ids))
                    .put("tolerance", tolerance)
                    .put("from", found.from())
                    .put("to", found.to())
                    .put("first", found.first().map(one -> first(one, names)).orElse(null));
            JsonArray all = new JsonArray();
            found.metrics().forEach(one -> all.add(metric(one, names)));
            return Answer.json(json.put("metrics", all).toBuffer());
        });
    }

    private static JsonObject first(Divergence.OfMetric one, Names names) {
        Integer layer = one.responsible().map(Divergence.Difference::layer).orElse(null);
        return new JsonObject()
                .put("iteration", one.iteration())
                .put("metric", one.metric().name())
                .put("layer", layer)
                .put("layerName", names.of(one.metric(), layer));
    }

    private static JsonObject metric(Divergence.OfMetric one, Names names) {
        JsonObject json = one.iteration() == null
                ? new JsonObject()
                        .putNull("iteration")
                        .put("metric", one.metric().name())
                : first(one, names);
        JsonArray differing = new JsonArray();
        for (Divergence.Difference d : one.differing()) {
            differing.add(new JsonObject()
                    .put("layer", d.layer())
                    .put("layerName", names.of(one.metric(), d.layer()))
                    .put("a", JsonValues.number(d.a()))
                    .put("b", JsonValues.number(d.b())));
        }
        return json.put("differing", differing);
    }

    /** Names of the layers, as the first of the runs that has some calls them. */
    private static final class Names {
        private final Optional<RunStarted> started;

        Names(RunQueries runs, List<String> ids) {
            started = ids.stream()
                    .flatMap(id -> runs.find(id).stream())
                    .map(run -> run.description().started())
                    .filter(s -> s.getLayersCount() > 0)
                    .findFirst();
        }

        @Nullable
        String of(Metric metric, @Nullable Integer layer) {
            if (layer == null || started.isEmpty()) {
                return null;
            }
            RunStarted s = started.get();
            if (metric.scope() == Metric.Scope.BATCH_NORM) {
                return layer < s.getBatchNormsCount() ? s.getBatchNorms(layer).getName() : null;
            }
            return layer < s.getLayersCount() ? s.getLayers(layer).getName() : null;
        }
    }
}
