package io.gradwatch.telemetry.http;

import io.gradwatch.contract.WireFormat;
import io.gradwatch.telemetry.history.HistogramQueries;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.RunExtent;
import io.gradwatch.telemetry.history.RunQueries;
import io.gradwatch.telemetry.history.StoredHistogram;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;

/** {@code /runs/{id}/histograms}. */
final class HistogramRoutes {
    /** Most histograms in an answer: a bound on its memory. */
    static final int MOST_HISTOGRAMS = 20_000;

    /** Most iterations that an answer names. */
    static final int MOST_ITERATIONS = 10_000;

    private static final List<String> KINDS = Arrays.stream(HistogramQueries.Kind.values())
            .map(HistogramQueries.Kind::label)
            .toList();
    private static final JsonArray EDGES = edges();

    private final RunQueries runs;
    private final HistogramQueries histograms;
    private final Questions questions;

    HistogramRoutes(History history, Questions questions) {
        this.runs = history.runs();
        this.histograms = history.histograms();
        this.questions = questions;
    }

    void histograms(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "kind", "layer", "from", "to", "limit");
        query.needed("kind", "one of " + String.join(", ", KINDS));
        HistogramQueries.Kind kind =
                query.oneOf("kind", KINDS, HistogramQueries.Kind::of).orElseThrow();
        LayerChoice choice = LayerChoice.of(query)
                .orElseThrow(() -> new ApiProblem(
                        400, "layer is missing; accepted is " + LayerChoice.FORM, "layer", LayerChoice.FORM));
        IterationRange range = IterationRange.of(query);
        int limit = (int) query.whole("limit", 50, 1, 500);
        String id = ctx.pathParam("id");
        questions.answer(ctx, () -> {
            RunExtent run = runs.extent(id).orElseThrow(() -> ApiProblem.unknownRun(id));
            List<Integer> layers = choice.among(run.layers(), kind.label() + " histograms");
            if ((long) layers.size() * limit > MOST_HISTOGRAMS) {
                throw ApiProblem.badValue(
                        "limit",
                        Integer.toString(limit),
                        "at most " + Math.max(1, MOST_HISTOGRAMS / layers.size()) + " for " + layers.size()
                                + " layers");
            }
            List<Long> iterations =
                    histograms.iterations(run, kind, range.from(), range.to().orElse(Long.MAX_VALUE), MOST_ITERATIONS);
            int shown = Math.min(limit, iterations.size());
            List<StoredHistogram> found = shown == 0
                    ? List.of()
                    : histograms.range(run, kind, layers, iterations.get(0), iterations.get(shown - 1));
            return Answer.json(new JsonObject()
                    .put("kind", kind.label())
                    .put("edges", EDGES)
                    .put("iterations", new JsonArray(iterations))
                    .put(
                            "items",
                            RunJson.array(
                                    found.stream().map(HistogramRoutes::json).toList()))
                    .put("next", shown < iterations.size() ? iterations.get(shown) : null));
        });
    }

    private static JsonObject json(StoredHistogram h) {
        return new JsonObject()
                .put("iteration", h.iteration())
                .put("epoch", h.epoch())
                .put("attempt", h.attempt())
                .put("layer", h.layer())
                .put("firstBin", h.firstBin())
                .put("counts", new JsonArray(h.counts()))
                .put("zeros", h.zeros())
                .put("below", h.below())
                .put("above", h.above())
                .put("notFinite", h.notFinite());
    }

    /** Bin b is from edge b to edge b + 1; powers of four are exact. */
    private static JsonArray edges() {
        JsonArray edges = new JsonArray();
        for (int bin = 0; bin <= WireFormat.HISTOGRAM_BINS; bin++) {
            edges.add(Math.scalb(1.0, 2 * (bin - 51)));
        }
        return edges;
    }
}
