package io.gradwatch.telemetry.http;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.telemetry.history.AlertHistory;
import io.gradwatch.telemetry.notify.ChannelStatus;
import io.gradwatch.telemetry.notify.Notifier;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** {@code /notifications}: how the channels do, what was given up, and a test. */
final class NotificationRoutes {
    private final Notifier notifier;
    private final Questions questions;

    NotificationRoutes(Notifier notifier, Questions questions) {
        this.notifier = notifier;
        this.questions = questions;
    }

    void status(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        questions.answer(ctx, () -> new Answer("application/json", json().toBuffer()));
    }

    /** Waits for the receivers' answers; all channels at the same time. */
    void test(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "channel");
        List<String> names = query.text("channel")
                .map(List::of)
                .orElseGet(() -> notifier.channels().stream()
                        .map(status -> status.channel().name())
                        .toList());
        for (String name : names) {
            if (!notifier.names().contains(name)) {
                throw ApiProblem.badValue(
                        "channel",
                        name,
                        notifier.names().isEmpty()
                                ? "nothing: notifications.properties names no channel"
                                : String.join(
                                        ", ", notifier.names().stream().sorted().toList()));
            }
        }
        List<Future<JsonObject>> tests = names.stream()
                .map(name -> questions
                        .export(notifier.test(name))
                        .map(problem -> new JsonObject()
                                .put("channel", name)
                                .put("delivered", problem.isEmpty())
                                .put("problem", problem.orElse(null))))
                .toList();
        Future.join(tests)
                .onSuccess(all -> {
                    JsonArray items = new JsonArray();
                    tests.forEach(test -> items.add(test.result()));
                    answer(ctx, 200, new JsonObject().put("items", items));
                })
                .onFailure(ctx::fail);
    }

    void retry(RoutingContext ctx) {
        change(ctx, number -> () -> notifier.retry(number));
    }

    void discard(RoutingContext ctx) {
        change(ctx, number -> () -> notifier.discard(number));
    }

    private interface Change {
        Callable<Boolean> of(long number);
    }

    private void change(RoutingContext ctx, Change change) {
        var unused = QueryParameters.of(ctx.queryParams());
        String id = ctx.pathParam("id");
        long number = id.matches("[0-9]{1,18}") ? Long.parseLong(id) : -1;
        questions
                .ask(change.of(number))
                .onSuccess(found -> {
                    if (found) {
                        answer(ctx, 200, json());
                    } else {
                        ctx.fail(new ApiProblem(
                                404,
                                "there is no undelivered notification " + id
                                        + " of a channel that is there; accepted is an id in GET /api/v1/notifications",
                                "id",
                                "an id in GET /api/v1/notifications"));
                    }
                })
                .onFailure(ctx::fail);
    }

    private JsonObject json() {
        JsonArray channels = new JsonArray();
        notifier.channels().forEach(status -> channels.add(channel(status)));
        JsonArray failed = new JsonArray();
        notifier.failed().forEach(one -> failed.add(failed(one)));
        return new JsonObject()
                .put("channels", channels)
                .put("undelivered", failed)
                .put("tooOld", notifier.tooOld())
                .put("muted", notifier.muted());
    }

    private static JsonObject channel(ChannelStatus status) {
        String state = status.problem() == null ? "ok" : status.nextTry() == null ? "failed" : "retrying";
        return new JsonObject()
                .put("name", status.channel().name())
                .put("kind", status.channel().kind().label())
                .put("target", status.channel().target())
                .put("severity", status.channel().severity())
                .put("states", new JsonArray(status.channel().states()))
                .put("rules", new JsonArray(status.channel().rules()))
                .put("state", state)
                .put("queued", status.queued())
                .put("delivered", status.delivered())
                .put("givenUp", status.failed())
                .put("deliveredAt", time(status.deliveredAt()))
                .put("problem", status.problem())
                .put("nextTryAt", time(status.nextTry()));
    }

    private static JsonObject failed(Notifier.Failed one) {
        Alert alert = one.record().getAlert();
        return new JsonObject()
                .put("id", one.number())
                .put("channel", one.channel())
                .put("runId", one.record().getRunId())
                .put("runName", one.runName())
                .put("alertId", alert.getAlertId())
                .put("transition", alert.getTransition())
                .put("rule", alert.getRule())
                .put("severity", alert.getSeverity().name().toLowerCase(Locale.ROOT))
                .put("state", AlertHistory.label(alert.getState()))
                .put("since", JsonValues.time(alert.getSinceMs()))
                .put("message", alert.getMessage())
                .put("problem", one.why());
    }

    private static @Nullable String time(@Nullable Instant at) {
        return at == null ? null : JsonValues.time(at.toEpochMilli());
    }

    private static void answer(RoutingContext ctx, int status, JsonObject json) {
        if (!ctx.response().ended() && !ctx.response().closed()) {
            ctx.response().setStatusCode(status).putHeader("Content-Type", "application/json");
            var unused = ctx.response().end(json.toBuffer());
        }
    }
}
