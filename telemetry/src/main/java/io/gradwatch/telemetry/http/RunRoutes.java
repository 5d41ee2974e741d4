package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.Page;
import io.gradwatch.telemetry.history.RunExtent;
import io.gradwatch.telemetry.history.RunQueries;
import io.gradwatch.telemetry.runs.RunPhase;
import io.gradwatch.telemetry.runs.RunSummary;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** {@code /runs}: the list, a run, its layers and epochs. */
final class RunRoutes {
    private static final List<String> STATES =
            Arrays.stream(RunPhase.values()).map(RunPhase::label).toList();

    private final RunQueries runs;
    private final Questions questions;

    RunRoutes(History history, Questions questions) {
        this.runs = history.runs();
        this.questions = questions;
    }

    void list(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "q", "state", "tag", "limit", "cursor");
        RunQueries.Filter filter = new RunQueries.Filter(
                query.text("q").orElse(""),
                query.oneOf("state", STATES, RunPhase::of),
                query.text("tag"),
                Cursors.read(query, 2)
                        .map(n -> new RunQueries.Position(n.get(0), n.get(1).intValue())),
                (int) query.whole("limit", 50, 1, 500));
        questions.answer(ctx, () -> {
            Page<RunSummary, RunQueries.Position> page = runs.list(filter);
            return Answer.list(
                    page.items(), RunJson::run, page.next().map(p -> Cursors.of(p.startedAtMs(), (long) p.runKey())));
        });
    }

    void one(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        String id = ctx.pathParam("id");
        questions.answer(ctx, () -> Answer.json(RunJson.run(run(id))));
    }

    void layers(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        String id = ctx.pathParam("id");
        questions.answer(ctx, () -> {
            var started = run(id).description().started();
            return Answer.json(new JsonObject()
                    .put("items", RunJson.layers(started))
                    .put("batchNorms", RunJson.batchNorms(started)));
        });
    }

    void epochs(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        String id = ctx.pathParam("id");
        questions.answer(ctx, () -> {
            RunExtent extent = runs.extent(id).orElseThrow(() -> ApiProblem.unknownRun(id));
            return Answer.list(runs.epochs(extent), RunJson::epoch, Optional.empty());
        });
    }

    private RunSummary run(String id) {
        return runs.find(id).orElseThrow(() -> ApiProblem.unknownRun(id));
    }
}
