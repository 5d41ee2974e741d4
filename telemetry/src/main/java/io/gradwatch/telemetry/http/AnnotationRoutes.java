package io.gradwatch.telemetry.http;

import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.RunQueries;
import io.gradwatch.telemetry.history.ServiceQueries;
import io.gradwatch.telemetry.ingest.AnnotationLog;
import io.gradwatch.telemetry.lifecycle.RunLifecycle;
import io.gradwatch.telemetry.runs.RunSummary;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code PATCH /runs/{id}}: into the log, and answered when it is back in history, so that whoever reads next sees it.
 * Changes of one run follow one another. For the event loop.
 */
final class AnnotationRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(AnnotationRoutes.class);
    private static final long LOOK_EVERY_MS = 30;

    private final Vertx vertx;
    private final RunQueries runs;
    private final ServiceQueries service;
    private final Function<String, RunLifecycle.DiskUse> diskUse;
    private final Questions questions;
    private final AnnotationLog log;
    private final long patienceMs;
    private final Map<String, Future<?>> underWay = new HashMap<>();

    /**
     * @param diskUse what a run takes; may block
     * @param patienceMs how long a change may take from the log into history before the answer goes out without it
     */
    AnnotationRoutes(
            Vertx vertx,
            History history,
            Function<String, RunLifecycle.DiskUse> diskUse,
            Questions questions,
            AnnotationLog log,
            long patienceMs) {
        this.vertx = vertx;
        this.diskUse = diskUse;
        this.runs = history.runs();
        this.service = history.service();
        this.questions = questions;
        this.log = log;
        this.patienceMs = patienceMs;
    }

    void patch(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        requireJson(ctx);
        String id = ctx.pathParam("id");
        RunChange change = RunChange.read(
                ctx.body().buffer() == null ? new byte[0] : ctx.body().buffer().getBytes());
        change(ctx, id, change::of);
    }

    /**
     * Changes what is said of a run, and answers with the run, or with what is wrong.
     *
     * @param change from the run to its annotation from then on; may throw an {@link ApiProblem}
     */
    void change(RoutingContext ctx, String id, Function<RunSummary, RunAnnotation> change) {
        Future<?> before = underWay.getOrDefault(id, Future.succeededFuture());
        Future<Void> mine = before.otherwiseEmpty().compose(done -> apply(ctx, id, change));
        underWay.put(id, mine);
        mine.onComplete(done -> underWay.remove(id, mine)).onFailure(ctx::fail);
    }

    /** @throws ApiProblem the body is said to be something else */
    static void requireJson(RoutingContext ctx) {
        String type = String.valueOf(ctx.request().getHeader("Content-Type"));
        if (!type.split(";", -1)[0].strip().equalsIgnoreCase("application/json")) {
            throw new ApiProblem(
                    415,
                    "Content-Type is " + type + "; accepted is application/json",
                    "Content-Type",
                    "application/json");
        }
    }

    private Future<Void> apply(RoutingContext ctx, String id, Function<RunSummary, RunAnnotation> change) {
        return questions.ask(() -> find(id)).compose(run -> {
            RunAnnotation after = change.apply(run);
            if (after.equals(run.annotation())) {
                return answer(ctx, id);
            }
            return append(run, after).compose(this::inHistory).compose(seen -> seen ? answer(ctx, id) : later(ctx));
        });
    }

    private RunSummary find(String id) {
        return runs.find(id).orElseThrow(() -> ApiProblem.unknownRun(id));
    }

    private Future<AnnotationLog.Place> append(RunSummary run, RunAnnotation annotation) {
        return Future.fromCompletionStage(
                        log.append(run.id(), run.description().attempt(), annotation), vertx.getOrCreateContext())
                .recover(e -> {
                    LOG.warn("A change of run {} did not reach Kafka: {}", run.id(), e.toString());
                    return Future.failedFuture(new ApiProblem(
                            503,
                            "Kafka did not acknowledge the change, and the run probably stays as it was;"
                                    + " look again when GET /readyz says ready",
                            null,
                            null));
                });
    }

    private Future<Boolean> inHistory(AnnotationLog.Place place) {
        Promise<Boolean> seen = Promise.promise();
        look(place, System.nanoTime() + patienceMs * 1_000_000, seen);
        return seen.future();
    }

    private void look(AnnotationLog.Place place, long deadlineNanos, Promise<Boolean> seen) {
        questions
                .ask(() -> service.nextOffset(place.topic(), place.partition()) > place.offset())
                .onFailure(seen::fail)
                .onSuccess(is -> {
                    if (is || System.nanoTime() - deadlineNanos >= 0) {
                        seen.complete(is);
                    } else {
                        vertx.setTimer(LOOK_EVERY_MS, timer -> look(place, deadlineNanos, seen));
                    }
                });
    }

    private Future<Void> answer(RoutingContext ctx, String id) {
        return questions.ask(() -> RunFileRoutes.withDiskUse(find(id), diskUse)).compose(run -> send(ctx, 200, run));
    }

    private static Future<Void> later(RoutingContext ctx) {
        return send(
                ctx,
                202,
                new JsonObject()
                        .put("status", "accepted")
                        .put(
                                "detail",
                                "the change is in the log, but history has not read it yet; GET the run again in a moment"));
    }

    private static Future<Void> send(RoutingContext ctx, int status, JsonObject body) {
        if (ctx.response().ended() || ctx.response().closed()) {
            return Future.succeededFuture();
        }
        ctx.response().setStatusCode(status).putHeader("Content-Type", "application/json");
        return ctx.response().end(body.toBuffer());
    }
}
