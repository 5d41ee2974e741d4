package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.group.Route;
import io.gradwatch.telemetry.live.SeriesFrame;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Answers about runs of several services: asks each owner for its part, and puts the parts together as one service would have
 * answered. When one of them cannot answer there is no answer, never one with a part missing. For the event loop.
 */
final class Gathering {
    private final Instances instances;

    Gathering(Instances instances) {
        this.instances = instances;
    }

    /**
     * A part of a list of all services.
     *
     * @param run which run an item is about
     */
    <P> void list(
            RoutingContext ctx,
            Function<JsonObject, String> run,
            Function<String, P> place,
            Function<P, String> cursor,
            Comparator<P> order,
            int limit) {
        TreeMap<String, Set<Integer>> owners = instances.owners(ctx);
        String target = ctx.request().uri();
        Map<String, Future<JsonObject>> asked = new LinkedHashMap<>();
        owners.keySet().forEach(url -> asked.put(url, json(ctx, url, target)));
        Future.all(List.copyOf(asked.values()))
                .onSuccess(all -> {
                    List<Merged.Piece<JsonObject, P>> pieces = new ArrayList<>();
                    asked.forEach((url, told) -> {
                        JsonArray items = told.result().getJsonArray("items");
                        JsonArray places = told.result().getJsonArray("places", new JsonArray());
                        List<Merged.Placed<JsonObject, P>> own = new ArrayList<>();
                        for (int i = 0; i < items.size(); i++) {
                            JsonObject item = items.getJsonObject(i);
                            if (isOwner(url, run.apply(item))) { // else it is just moving, and told by the other
                                own.add(new Merged.Placed<>(item, place.apply(places.getString(i))));
                            }
                        }
                        Optional<P> end = Optional.ofNullable(told.result().getString("next"))
                                .map(place);
                        pieces.add(new Merged.Piece<>(own, end));
                    });
                    Merged<JsonObject, P> merged = Merged.of(pieces, order, limit);
                    send(
                            ctx,
                            Answer.list(
                                    merged.items(), item -> item, merged.next().map(cursor)));
                })
                .onFailure(ctx::fail);
    }

    private boolean isOwner(String url, String runId) {
        Route route = instances.ownership().route(runId);
        return (route instanceof Route.Here && url.equals(instances.url()))
                || (route instanceof Route.There there
                        && url.equals(there.owner().url()));
    }

    /** {@code /runs/overview}: in the order asked for. */
    void overview(RoutingContext ctx) {
        Map<String, List<String>> owners = byOwner(ctx, named(ctx));
        gather(ctx, owners, ids -> with(ctx, Map.of("runs", String.join(",", ids))), all -> {
            Map<String, JsonObject> byId = new HashMap<>();
            all.values()
                    .forEach(told -> told.body().toJsonObject().getJsonArray("items").stream()
                            .map(JsonObject.class::cast)
                            .forEach(item -> byId.put(item.getString("id"), item)));
            List<JsonObject> items = named(ctx).stream()
                    .flatMap(id -> Optional.ofNullable(byId.get(id)).stream())
                    .toList();
            return Answer.list(items, item -> item, Optional.empty());
        });
    }

    /** {@code /series}: first how far the longest of the runs goes, then each owner's lines over the same buckets. */
    void series(RoutingContext ctx) {
        Map<String, List<String>> owners = byOwner(ctx, named(ctx));
        String align = ctx.queryParams().contains("align") ? ctx.queryParams().get("align") : "iteration";
        Map<String, Future<JsonObject>> ends = new LinkedHashMap<>();
        owners.forEach((url, ids) -> ends.put(
                url,
                json(
                        ctx,
                        url,
                        "/api/v1/series?metric=loss&buckets=1&align=" + encoded(align) + "&runs="
                                + encoded(String.join(",", ids)))));
        String accept = String.valueOf(ctx.request().getHeader("Accept"));
        ctx.response().putHeader("Vary", "Accept");
        Future.all(List.copyOf(ends.values())).onFailure(ctx::fail).onSuccess(done -> {
            long end = ends.values().stream()
                    .mapToLong(told -> told.result().getLong("to"))
                    .max()
                    .orElse(0);
            gather(
                    ctx,
                    owners,
                    ids -> with(ctx, Map.of("runs", String.join(",", ids), SeriesRoutes.END, Long.toString(end))),
                    all -> accept.contains(SeriesRoutes.FRAME)
                            ? new Answer(
                                    SeriesRoutes.FRAME,
                                    SeriesFrame.merged(
                                            all.values().stream()
                                                    .map(Instances.Told::body)
                                                    .toList(),
                                            named(ctx)))
                            : lines(all, named(ctx)),
                    "Accept",
                    accept.contains(SeriesRoutes.FRAME) ? SeriesRoutes.FRAME : "application/json");
        });
    }

    private static Answer lines(Map<String, Instances.Told> all, List<String> runs) {
        List<JsonObject> lines = new ArrayList<>();
        JsonObject head = new JsonObject();
        for (Instances.Told told : all.values()) {
            head = told.body().toJsonObject();
            head.getJsonArray("series").forEach(line -> lines.add((JsonObject) line));
        }
        lines.sort(Comparator.comparingInt(line -> runs.indexOf(line.getString("run"))));
        return Answer.json(head.put("series", new JsonArray(lines)));
    }

    /** {@code /runs/compare}: the tables of all owners side by side. */
    void compare(RoutingContext ctx) {
        List<String> runs = named(ctx);
        Map<String, List<String>> owners = byOwner(ctx, runs);
        boolean everything = "true".equals(ctx.queryParams().get("all"));
        gather(
                ctx,
                owners,
                ids -> with(ctx, Map.of("runs", String.join(",", ids), "all", "true")),
                all -> Answer.json(ComparisonParts.joined(
                        all.values().stream()
                                .map(told -> told.body().toJsonObject())
                                .toList(),
                        runs,
                        everything)));
    }

    /** What looks at the rows of several runs at once is answered by their owner, if they have the same. */
    void together(RoutingContext ctx, List<String> runs) {
        Map<String, List<String>> owners = byOwner(ctx, runs);
        if (owners.size() > 1) {
            String accepted = "runs of one service of the group: " + owners.values();
            throw new ApiProblem(
                    409,
                    "these runs belong to different services of the group, and this question needs the rows of all in one"
                            + " place; accepted are " + accepted,
                    "runs",
                    accepted);
        }
        instances.route(ctx, instances.ownership().route(runs.get(0)));
    }

    /** What is about runs of one service: that one answers. */
    void one(RoutingContext ctx, String runId, Handler<RoutingContext> own) {
        Route route = instances.ownership().route(runId);
        if (route instanceof Route.Here) {
            own.handle(ctx);
        } else {
            instances.route(ctx, route);
        }
    }

    /** The runs that a request names; none where it names them in a way that the resource itself refuses. */
    static List<String> named(RoutingContext ctx) {
        String text = ctx.queryParams().get("runs");
        return text == null || text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    }

    /** Whether a request names runs of several services. */
    boolean isMixed(RoutingContext ctx) {
        List<String> runs = named(ctx);
        return runs.size() > 1
                && runs.size() == Set.copyOf(runs.stream().distinct().toList()).size()
                && byOwner(ctx, runs).size() > 1;
    }

    private Map<String, List<String>> byOwner(RoutingContext ctx, List<String> runs) {
        Map<String, List<String>> owners = new LinkedHashMap<>();
        runs.forEach(run -> owners.computeIfAbsent(instances.owner(ctx, run), url -> new ArrayList<>())
                .add(run));
        return owners;
    }

    /** Path and query of a request with some parameters in the place of its own. */
    private static String with(RoutingContext ctx, Map<String, String> others) {
        List<String> parameters = new ArrayList<>();
        ctx.queryParams().forEach(parameter -> {
            if (!others.containsKey(parameter.getKey())) {
                parameters.add(encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()));
            }
        });
        others.forEach((name, value) -> parameters.add(encoded(name) + "=" + encoded(value)));
        return ctx.request().path() + "?" + String.join("&", parameters);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void gather(
            RoutingContext ctx,
            Map<String, List<String>> owners,
            Function<List<String>, String> target,
            Function<Map<String, Instances.Told>, Answer> joined,
            String... headers) {
        Map<String, Future<Instances.Told>> asked = new LinkedHashMap<>();
        owners.forEach((url, ids) -> asked.put(url, instances.ask(ctx, url, target.apply(ids), headers)));
        Future.all(List.copyOf(asked.values())).onFailure(ctx::fail).onSuccess(done -> {
            Map<String, Instances.Told> all = new LinkedHashMap<>();
            asked.forEach((url, told) -> all.put(url, told.result()));
            Optional<Instances.Told> refusal =
                    all.values().stream().filter(told -> told.status() != 200).findFirst();
            if (refusal.isPresent()) {
                passOn(ctx, refusal.get());
            } else {
                send(ctx, joined.apply(all));
            }
        });
    }

    /** What an owner refuses, this service refuses. */
    private static void passOn(RoutingContext ctx, Instances.Told told) {
        ctx.response().setStatusCode(told.status());
        send(ctx, new Answer(told.mediaType(), told.body()));
    }

    private Future<JsonObject> json(RoutingContext ctx, String url, String target) {
        return instances.ask(ctx, url, target).compose(told -> {
            if (told.status() == 200) {
                return Future.succeededFuture(told.body().toJsonObject());
            }
            JsonObject problem = told.body().toJsonObject();
            return Future.failedFuture(new ApiProblem(
                    told.status(),
                    problem.getString("detail", "a service of the group refuses"),
                    problem.getString("parameter"),
                    problem.getString("accepted")));
        });
    }

    static void send(RoutingContext ctx, Answer answer) {
        if (!ctx.response().ended() && !ctx.response().closed()) {
            ctx.response().putHeader("Content-Type", answer.mediaType());
            var unused = ctx.response().end(answer.body());
        }
    }
}
