package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.Page;
import io.gradwatch.telemetry.history.RunExtent;
import io.gradwatch.telemetry.history.RunQueries;
import io.gradwatch.telemetry.lifecycle.RunLifecycle;
import io.gradwatch.telemetry.query.Field;
import io.gradwatch.telemetry.query.Pattern;
import io.gradwatch.telemetry.query.Query;
import io.gradwatch.telemetry.query.QueryParser;
import io.gradwatch.telemetry.query.QuerySyntaxException;
import io.gradwatch.telemetry.query.RunOrder;
import io.gradwatch.telemetry.runs.RunPhase;
import io.gradwatch.telemetry.runs.RunSummary;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/** {@code /runs}: the list, a run, its layers and epochs. */
final class RunRoutes {
    private static final List<String> STATES =
            Arrays.stream(RunPhase.values()).map(RunPhase::label).toList();

    private final RunQueries runs;
    private final Questions questions;
    private final Clock clock;

    private final Function<String, RunLifecycle.DiskUse> diskUse;

    /**
     * @param diskUse what a run takes; may block
     */
    RunRoutes(History history, Function<String, RunLifecycle.DiskUse> diskUse, Questions questions, Clock clock) {
        this.diskUse = diskUse;
        this.clock = clock;
        this.runs = history.runs();
        this.questions = questions;
    }

    void list(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "q", "state", "tag", "sort", "limit", "cursor");
        RunOrder order = order(query);
        RunQueries.Filter filter = new RunQueries.Filter(
                condition(query), order, RunCursors.read(query, order), (int) query.whole("limit", 50, 1, 500));
        boolean passed = Guard.isPassed(ctx);
        questions.answer(ctx, () -> {
            if (!passed) {
                Page<RunSummary, RunQueries.Position> page = runs.list(filter);
                return Answer.list(page.items(), RunJson::run, page.next().map(place -> RunCursors.of(order, place)));
            }
            RunQueries.Listed page = runs.listed(filter);
            return Answer.placed(
                    page.items(),
                    RunJson::run,
                    page.places().stream()
                            .map(place -> RunCursors.of(order, place))
                            .toList(),
                    page.next().map(place -> RunCursors.of(order, place)));
        });
    }

    /** The same of all services of a group. */
    void gather(RoutingContext ctx, Gathering all) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "q", "state", "tag", "sort", "limit", "cursor");
        RunOrder order = order(query);
        var unused = condition(query);
        RunCursors.read(query, order);
        int limit = (int) query.whole("limit", 50, 1, 500);
        all.list(
                ctx,
                item -> String.valueOf(item.getString("id")),
                cursor -> RunCursors.place(cursor, order),
                place -> RunCursors.of(order, place),
                RunCursors.comparator(order),
                limit);
    }

    private Query condition(QueryParameters query) {
        List<Query> all = new ArrayList<>();
        try {
            all.add(QueryParser.parse(query.text("q").orElse(""), clock.instant()));
        } catch (QuerySyntaxException e) {
            throw ApiProblem.badSyntax("q", e);
        }
        query.oneOf("state", STATES, RunPhase::of)
                .ifPresent(phase -> all.add(new Query.Like(Field.of("state"), Pattern.exactly(phase.label()), false)));
        query.text("tag").ifPresent(tag -> all.add(new Query.Like(Field.of("tag"), Pattern.exactly(tag), false)));
        return new Query.And(all);
    }

    static RunOrder order(QueryParameters query) {
        Optional<String> sort = query.text("sort");
        try {
            return sort.isEmpty() ? RunOrder.NEWEST : RunOrder.parse(sort.get());
        } catch (QuerySyntaxException e) {
            throw ApiProblem.badSyntax("sort", e);
        }
    }

    void one(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        String id = ctx.pathParam("id");
        questions.answer(ctx, () -> Answer.json(RunFileRoutes.withDiskUse(run(id), diskUse)));
    }

    void compare(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "runs", "all");
        String accepted = "2 to " + RunComparison.MOST_RUNS + " different ids of runs, separated by commas";
        List<String> ids = List.of(query.needed("runs", accepted).split(",", -1));
        if (ids.size() < (Guard.isPassed(ctx) ? 1 : 2)
                || ids.size() > RunComparison.MOST_RUNS
                || Set.copyOf(ids).size() < ids.size()) {
            throw ApiProblem.badValue("runs", String.join(",", ids), accepted);
        }
        boolean all = query.oneOf("all", List.of("true", "false"), word -> switch (word) {
                    case "true" -> Optional.of(true);
                    case "false" -> Optional.of(false);
                    default -> Optional.empty();
                })
                .orElse(false);
        questions.answer(ctx, () -> {
            List<RunSummary> found = runs.find(ids);
            ids.stream()
                    .filter(id -> found.stream().noneMatch(run -> run.id().equals(id)))
                    .findFirst()
                    .ifPresent(id -> {
                        throw ApiProblem.unknownRun(id);
                    });
            return Answer.json(RunComparison.of(found, all));
        });
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
            JsonArray items = new JsonArray();
            runs.epochs(extent).forEach(epoch -> items.add(RunJson.epoch(epoch)));
            OptionalLong origin = runs.origin(extent);
            return Answer.json(new JsonObject()
                    .put("items", items)
                    .putNull("next")
                    .put("origin", origin.isEmpty() ? null : JsonValues.time(origin.getAsLong())));
        });
    }

    private RunSummary run(String id) {
        return runs.find(id).orElseThrow(() -> ApiProblem.unknownRun(id));
    }
}
