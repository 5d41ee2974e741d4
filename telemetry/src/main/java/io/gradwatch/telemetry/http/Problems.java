package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.history.HistoryException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where failures become answers. */
final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    /** Where a route keeps the methods that it answers, for the answer to others. */
    static final String ALLOWED = "allowed";

    private Problems() {}

    static void install(Router router) {
        for (int status : new int[] {400, 404, 405, 413, 415, 500}) {
            router.errorHandler(status, Problems::handle);
        }
    }

    static void handle(RoutingContext ctx) {
        ApiProblem problem = of(ctx);
        if (ctx.response().headWritten()) {
            ctx.response().reset();
            return;
        }
        if (problem.status() == 405) {
            ctx.response().putHeader("Allow", allowed(ctx));
        }
        send(ctx, problem.status(), problem.toJson());
    }

    private static ApiProblem of(RoutingContext ctx) {
        Throwable failure = ctx.failure();
        if (failure instanceof ApiProblem problem) {
            return problem;
        }
        if (failure instanceof HistoryException) {
            LOG.warn("{} {} failed: {}", ctx.request().method(), ctx.request().path(), failure.getMessage());
            return new ApiProblem(503, String.valueOf(failure.getMessage()), null, null);
        }
        if (failure != null && ctx.statusCode() >= 500) {
            LOG.error("{} {} failed", ctx.request().method(), ctx.request().path(), failure);
        }
        return switch (ctx.statusCode()) {
            case 400 -> new ApiProblem(400, "the request cannot be read: its path or query is malformed", null, null);
            case 404 ->
                new ApiProblem(
                        404,
                        "there is nothing at " + ctx.request().path()
                                + "; GET /api/v1/openapi.yaml lists what there is",
                        null,
                        null);
            case 405 ->
                new ApiProblem(
                        405,
                        ctx.request().method() + " is not possible here; accepted is " + allowed(ctx),
                        null,
                        allowed(ctx));
            case 413 ->
                new ApiProblem(
                        413,
                        "the body is too large; accepted are at most " + mostOf(ctx) + " bytes",
                        null,
                        "at most " + mostOf(ctx) + " bytes");
            default -> new ApiProblem(500, "the service failed to answer; its log telemetry.log says why", null, null);
        };
    }

    private static int mostOf(RoutingContext ctx) {
        return ctx.request().path().startsWith("/api/v1/rules") ? ApiRouter.MOST_RULES : ApiRouter.MOST_BODY;
    }

    private static String allowed(RoutingContext ctx) {
        String allowed = ctx.get(ALLOWED);
        return allowed == null ? "GET" : allowed;
    }

    static void send(RoutingContext ctx, int status, JsonObject body) {
        ctx.response().setStatusCode(status).putHeader("Content-Type", ApiProblem.MEDIA_TYPE);
        var unused = ctx.response().end(body.toBuffer());
    }
}
