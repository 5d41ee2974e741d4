package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.history.Buckets;
import io.gradwatch.telemetry.history.HeatMap;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.Metric;
import io.gradwatch.telemetry.history.RunExtent;
import io.gradwatch.telemetry.history.RunQueries;
import io.gradwatch.telemetry.history.SeriesQueries;
import io.gradwatch.telemetry.live.HeatmapFrame;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /runs/{id}/series} and {@code /runs/{id}/heatmap}. */
final class SeriesRoutes {
    /** Media type of frames. */
    static final String FRAME = "application/vnd.gradwatch.frame";

    /** Most buckets or cells in an answer: a bound on its memory. */
    static final int MOST_CELLS = 400_000;

    private static final int MOST_BUCKETS = 10_000;
    private static final int MOST_COLUMNS = 4_000;

    private final RunQueries runs;
    private final SeriesQueries series;
    private final Questions questions;

    SeriesRoutes(History history, Questions questions) {
        this.runs = history.runs();
        this.series = history.series();
        this.questions = questions;
    }

    void series(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "metric", "layer", "from", "to", "buckets");
        List<Metric> metrics = metrics(query);
        Optional<LayerChoice> layer = LayerChoice.of(query);
        Optional<Metric> perLayer =
                metrics.stream().filter(m -> m.scope() != Metric.Scope.RUN).findFirst();
        if (perLayer.isPresent() && layer.isEmpty()) {
            throw new ApiProblem(
                    400,
                    "layer is missing, and " + perLayer.get().name() + " is per layer; accepted is " + LayerChoice.FORM,
                    "layer",
                    LayerChoice.FORM);
        }
        IterationRange range = IterationRange.of(query);
        int most = (int) query.whole("buckets", 600, 1, MOST_BUCKETS);
        String id = ctx.pathParam("id");
        questions.answer(ctx, () -> {
            RunExtent run = run(id);
            Buckets buckets = range.buckets(run, most);
            List<SeriesQueries.Series> lines = new ArrayList<>();
            long cells = 0;
            for (Metric metric : metrics) {
                List<Integer> layers = layers(layer.orElse(new LayerChoice("*")), metric, run);
                cells += (long) Math.max(1, layers.size()) * buckets.number();
                if (cells > MOST_CELLS) {
                    throw ApiProblem.badValue(
                            "buckets",
                            Integer.toString(most),
                            "a number that makes at most " + MOST_CELLS + " buckets over all series asked for");
                }
                lines.addAll(series.series(run, metric, layers, buckets));
            }
            return Answer.json(SeriesJson.series(buckets, lines));
        });
    }

    void heatMap(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "metric", "from", "to", "columns");
        String accepted = "one of " + String.join(", ", Metric.namesWithLayers());
        String name = query.needed("metric", accepted);
        Metric metric = Metric.of(name)
                .filter(m -> m.scope() != Metric.Scope.RUN)
                .orElseThrow(() -> ApiProblem.badValue("metric", name, accepted));
        IterationRange range = IterationRange.of(query);
        int most = (int) query.whole("columns", 400, 1, MOST_COLUMNS);
        boolean frame = wantsFrame(ctx.request().getHeader("Accept"));
        String id = ctx.pathParam("id");
        ctx.response().putHeader("Vary", "Accept");
        questions.answer(ctx, () -> {
            RunExtent run = run(id);
            Buckets buckets = range.buckets(run, most);
            long rows = metric.scope() == Metric.Scope.LAYER ? run.layers() : run.batchNorms();
            if (rows * buckets.number() > MOST_CELLS) {
                throw ApiProblem.badValue(
                        "columns",
                        Integer.toString(most),
                        "at most " + Math.max(1, MOST_CELLS / rows) + " for the " + rows + " rows of this run");
            }
            HeatMap map = series.heatMap(run, metric, buckets);
            return frame
                    ? new Answer(
                            FRAME,
                            HeatmapFrame.encode(
                                    id,
                                    metric.name(),
                                    buckets.from(),
                                    buckets.to(),
                                    buckets.width(),
                                    map.rows(),
                                    map.starts(),
                                    map.mean(),
                                    map.min(),
                                    map.max(),
                                    map.nan(),
                                    map.inf(),
                                    map.count()))
                    : Answer.json(SeriesJson.heatMap(metric, map));
        });
    }

    private static List<Metric> metrics(QueryParameters query) {
        String accepted = "one or several, separated by commas, of " + String.join(", ", Metric.names());
        Set<Metric> metrics = new LinkedHashSet<>();
        for (String name : query.needed("metric", accepted).split(",", -1)) {
            metrics.add(Metric.of(name).orElseThrow(() -> ApiProblem.badValue("metric", name, accepted)));
        }
        return List.copyOf(metrics);
    }

    private static List<Integer> layers(LayerChoice choice, Metric metric, RunExtent run) {
        return switch (metric.scope()) {
            case RUN -> List.of();
            case LAYER -> choice.among(run.layers(), metric.name());
            case BATCH_NORM -> choice.among(run.batchNorms(), metric.name());
        };
    }

    private RunExtent run(String id) {
        return runs.extent(id).orElseThrow(() -> ApiProblem.unknownRun(id));
    }

    private static boolean wantsFrame(@Nullable String accept) {
        return accept != null && accept.contains(FRAME);
    }
}
