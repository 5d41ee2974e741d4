package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.history.Alignment;
import io.gradwatch.telemetry.history.Buckets;
import io.gradwatch.telemetry.history.HeatMap;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.Metric;
import io.gradwatch.telemetry.history.RunExtent;
import io.gradwatch.telemetry.history.RunQueries;
import io.gradwatch.telemetry.history.SeriesQueries;
import io.gradwatch.telemetry.live.HeatmapFrame;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code /runs/{id}/series}, {@code /series} over several runs, and {@code /runs/{id}/heatmap}. */
final class SeriesRoutes {
    /** Media type of frames. */
    static final String FRAME = "application/vnd.gradwatch.frame";

    /** From another service, which knows runs that are longer: one more than the last place of all of them. */
    static final String END = "end";

    /** Most buckets or cells in an answer: a bound on its memory. */
    static final int MOST_CELLS = 400_000;

    private static final int MOST_COLUMNS = 4_000;
    private static final List<String> ALIGNMENTS =
            Arrays.stream(Alignment.values()).map(Alignment::label).toList();

    private final RunQueries runs;
    private final SeriesQueries series;
    private final Questions questions;

    SeriesRoutes(History history, Questions questions) {
        this.runs = history.runs();
        this.series = history.series();
        this.questions = questions;
    }

    void series(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), with("from", "to"));
        SeriesRequest request = SeriesRequest.of(query);
        IterationRange range = IterationRange.of(query);
        boolean frame = wantsFrame(ctx);
        String id = ctx.pathParam("id");
        questions.answer(ctx, () -> {
            RunExtent run = RunChoice.run(runs, id);
            Buckets buckets = range.buckets(run, request.most());
            List<SeriesLine> lines = lines(run, Alignment.ITERATION, request, buckets, 0);
            return answer(frame, SeriesAnswer.ofOne(buckets, lines, request.smoothing()));
        });
    }

    void several(RoutingContext ctx) {
        boolean passed = Guard.isPassed(ctx);
        QueryParameters query = QueryParameters.of(
                ctx.queryParams(),
                passed ? with("from", "to", "runs", "align", END) : with("from", "to", "runs", "align"));
        Optional<Long> given = query.text(END).map(text -> query.whole(END, 0, 0, Long.MAX_VALUE / 2));
        List<String> ids = RunChoice.several(query);
        Alignment alignment = query.oneOf("align", ALIGNMENTS, Alignment::of).orElse(Alignment.ITERATION);
        SeriesRequest request = SeriesRequest.of(query);
        IterationRange range = IterationRange.of(query);
        boolean frame = wantsFrame(ctx);
        questions.answer(ctx, () -> {
            List<RunExtent> found =
                    ids.stream().map(id -> RunChoice.run(runs, id)).toList();
            long end = given.orElseGet(() -> found.stream()
                    .mapToLong(run -> series.end(run, alignment))
                    .max()
                    .orElse(0));
            Buckets buckets = range.buckets(end, alignment.label(), request.most());
            List<SeriesLine> lines = new ArrayList<>();
            for (RunExtent run : found) {
                lines.addAll(lines(run, alignment, request, buckets, (long) lines.size() * buckets.number()));
            }
            return answer(frame, SeriesAnswer.ofSeveral(buckets, alignment, lines, request.smoothing()));
        });
    }

    private List<SeriesLine> lines(
            RunExtent run, Alignment alignment, SeriesRequest request, Buckets buckets, long cells) {
        return series.series(run, alignment, request.wanted(run, buckets, cells), buckets, request.smoothing()).stream()
                .map(line -> new SeriesLine(run.runId(), line))
                .toList();
    }

    private static Answer answer(boolean frame, SeriesAnswer answer) {
        return frame ? new Answer(FRAME, answer.frame()) : Answer.json(SeriesJson.series(answer));
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
        boolean frame = wantsFrame(ctx);
        String id = ctx.pathParam("id");
        questions.answer(ctx, () -> {
            RunExtent run = RunChoice.run(runs, id);
            Buckets buckets = range.buckets(run, most);
            long rows = metric.scope() == Metric.Scope.LAYER ? run.layers() : run.batchNorms();
            if (rows * buckets.number() > MOST_CELLS) {
                throw ApiProblem.badValue(
                        "columns",
                        Integer.toString(most),
                        "at most " + Math.max(1, MOST_CELLS / rows) + " for the " + rows + " rows of this run");
            }
            HeatMap map = series.heatMap(run, metric, buckets);
            return frame ? new Answer(FRAME, frame(id, metric, map)) : Answer.json(SeriesJson.heatMap(metric, map));
        });
    }

    private static Buffer frame(String id, Metric metric, HeatMap map) {
        Buckets buckets = map.buckets();
        return HeatmapFrame.encode(
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
                map.count());
    }

    private static String[] with(String... own) {
        return Stream.concat(SeriesRequest.PARAMETERS.stream(), Arrays.stream(own))
                .toArray(String[]::new);
    }

    /** Says in the answer that it depends on this, too. */
    private static boolean wantsFrame(RoutingContext ctx) {
        ctx.response().putHeader("Vary", "Accept");
        @Nullable String accept = ctx.request().getHeader("Accept");
        return accept != null && accept.contains(FRAME);
    }
}
