package io.gradwatch.telemetry.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Asks history off the event loop. Exports have threads of their own, so that a slow reader keeps nobody waiting, and so have
 * back-tests, one of them at a time.
 */
final class Questions {
    private static final int THREADS = 3;
    private static final int EXPORTS = 4;

    /** Vert.x complains of what takes longer. */
    private static final int LONGEST_BACKTEST_HOURS = 12;

    private final WorkerExecutor queries;
    private final WorkerExecutor exports;
    private final WorkerExecutor judgements;

    Questions(Vertx vertx) {
        queries = vertx.createSharedWorkerExecutor("history", THREADS);
        exports = vertx.createSharedWorkerExecutor("export", EXPORTS);
        judgements = vertx.createSharedWorkerExecutor("backtest", 1, LONGEST_BACKTEST_HOURS, TimeUnit.HOURS);
    }

    /** Runs a blocking question on a worker. */
    <T> Future<T> ask(Callable<T> question) {
        return queries.executeBlocking(question, false);
    }

    /** Runs a long one that writes as it goes. */
    <T> Future<T> export(Callable<T> work) {
        return exports.executeBlocking(work, false);
    }

    /** Runs a long one that computes, behind those that were asked for before. */
    <T> Future<T> judge(Callable<T> work) {
        return judgements.executeBlocking(work, true);
    }

    /** Answers a request with what a blocking question gives. */
    void answer(RoutingContext ctx, Callable<Answer> question) {
        ask(question)
                .onSuccess(answer -> {
                    if (!ctx.response().ended() && !ctx.response().closed()) {
                        ctx.response().putHeader("Content-Type", answer.mediaType());
                        var unused = ctx.response().end(answer.body());
                    }
                })
                .onFailure(ctx::fail);
    }

    Future<?> close() {
        return Future.join(queries.close(), exports.close(), judgements.close());
    }
}
