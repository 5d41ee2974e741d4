package io.gradwatch.telemetry.http;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.telemetry.history.AlertHistory;
import io.gradwatch.telemetry.history.Bucket;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.OverviewQueries;
import io.gradwatch.telemetry.history.RunOverview;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /runs/overview}: what a list shows of each of its runs beside its row. */
final class OverviewRoute {
    /** Most runs in a request. */
    static final int MOST_RUNS = 100;

    private static final int MOST_BUCKETS = 200;
    private static final String FORM = "ids of 1 to " + MOST_RUNS + " runs, separated by commas, each once";

    private final OverviewQueries overviews;
    private final Questions questions;

    OverviewRoute(History history, Questions questions) {
        this.overviews = history.overviews();
        this.questions = questions;
    }

    void overview(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "runs", "buckets");
        String text = query.needed("runs", FORM);
        List<String> named = List.of(text.split(",", -1));
        Set<String> ids = new LinkedHashSet<>(named);
        if (ids.size() < named.size() || ids.contains("") || ids.size() > MOST_RUNS) {
            throw ApiProblem.badValue("runs", text, FORM);
        }
        int buckets = (int) query.whole("buckets", 60, 1, MOST_BUCKETS);
        questions.answer(ctx, () -> Answer.list(overviews.of(named, buckets), OverviewRoute::json, Optional.empty()));
    }

    private static JsonObject json(RunOverview run) {
        JsonArray alerts = new JsonArray();
        run.alerts().forEach(alert -> alerts.add(alert(alert)));
        RunOverview.Layers layers = run.layers();
        return new JsonObject()
                .put("id", run.runId())
                .put("seq", run.seq())
                .put(
                        "iterationMs",
                        run.iterationMs().isPresent() ? run.iterationMs().getAsDouble() : null)
                .put("layers", layers == null ? null : layers(layers))
                .put("loss", loss(run))
                .put("alerts", alerts);
    }

    private static JsonObject layers(RunOverview.Layers layers) {
        JsonArray meanAbs = new JsonArray();
        for (@Nullable Float value : layers.meanAbs()) {
            meanAbs.add(JsonValues.number(value));
        }
        return new JsonObject()
                .put("iteration", layers.iteration())
                .put("meanAbs", meanAbs)
                .put("notFinite", RunJson.array(layers.notFinite()))
                .put("skip", RunJson.array(layers.skip()));
    }

    private static JsonObject loss(RunOverview run) {
        JsonArray buckets = new JsonArray();
        for (Bucket b : run.loss()) {
            buckets.add(new JsonArray()
                    .add(b.from())
                    .add(b.to())
                    .add(b.min())
                    .add(b.max())
                    .add(b.mean())
                    .add(b.nan() + b.inf()));
        }
        return new JsonObject()
                .put("to", run.range().to())
                .put("width", run.range().width())
                .put("buckets", buckets);
    }

    private static JsonObject alert(RunOverview.OpenAlert open) {
        Alert a = open.newest();
        return new JsonObject()
                .put("id", a.getAlertId())
                .put("rule", a.getRule())
                .put("severity", a.getSeverity().name().toLowerCase(Locale.ROOT))
                .put("state", AlertHistory.label(a.getState()))
                .put("since", JsonValues.time(a.getSinceMs()))
                .put("message", a.getMessage())
                .put("acknowledged", open.acknowledged());
    }
}
