package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.backtest.Backtest;
import io.gradwatch.telemetry.backtest.BacktestReport;
import io.gradwatch.telemetry.backtest.HistoryRun;
import io.gradwatch.telemetry.backtest.RuleSource;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.HistoryException;
import io.gradwatch.telemetry.history.Page;
import io.gradwatch.telemetry.history.RunQueries;
import io.gradwatch.telemetry.query.RunOrder;
import io.gradwatch.telemetry.rules.RuleEngine;
import io.gradwatch.telemetry.runs.RunSummary;
import io.vertx.core.Context;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /rules/backtest}: on a thread of its own, one after another, so that neither the event loop nor ingest nor who
 * asks history waits for it. Ends when the client has gone.
 */
final class BacktestRoute {
    private static final Logger LOG = LoggerFactory.getLogger(BacktestRoute.class);
    private static final String LINES = "application/x-ndjson";
    private static final int MOST_RUNS = 1_000;
    private static final int MOST_WAITING = 8;
    private static final long TELL_EVERY_NANOS = 200_000_000;

    private final History history;
    private final Supplier<RuleEngine> today;
    private final Function<String, RuleSource> written;
    private final Questions questions;
    private final Optional<Instances> group;
    private final Clock clock;
    private final AtomicInteger underWay = new AtomicInteger();

    /**
     * @param today the rules that judge live
     * @param written makes rules of the text that people wrote them in
     * @param group whose services own runs, too; empty: this one owns all
     */
    BacktestRoute(
            History history,
            Supplier<RuleEngine> today,
            Function<String, RuleSource> written,
            Questions questions,
            Optional<Instances> group,
            Clock clock) {
        this.history = history;
        this.today = today;
        this.written = written;
        this.questions = questions;
        this.group = group;
        this.clock = clock;
    }

    void backtest(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        BacktestRequest request = BacktestRequest.read(
                ctx.body().buffer() == null ? new byte[0] : ctx.body().buffer().getBytes(), clock.instant(), written);
        group.ifPresent(all -> requireOwn(ctx, all, request));
        RuleEngine rules = engine(request.rules());
        if (underWay.incrementAndGet() > MOST_WAITING) {
            underWay.decrementAndGet();
            throw new ApiProblem(
                    503, MOST_WAITING + " back-tests are waiting or under way; ask again later", null, null);
        }
        AtomicBoolean gone = new AtomicBoolean();
        ctx.response().closeHandler(v -> gone.set(true));
        Lines lines = new Lines(ctx);
        questions
                .judge(() -> report(request, rules, gone, lines))
                .onComplete(done -> underWay.decrementAndGet())
                .onSuccess(report -> lines.end(BacktestJson.report(report, request.transitions())))
                .onFailure(lines::fail);
    }

    /** The rows of all runs are needed here. */
    private static void requireOwn(RoutingContext ctx, Instances group, BacktestRequest request) {
        Set<String> owners =
                new TreeSet<>(request.query().isPresent() ? group.owners(ctx).keySet() : Set.of());
        request.ids().forEach(id -> owners.add(group.owner(ctx, id)));
        owners.remove(group.url());
        if (!owners.isEmpty()) {
            String accepted = "ids of runs of one service of the group, asked of that service";
            throw new ApiProblem(
                    409,
                    "a back-test needs the rows of its runs in one place, and some of these belong to " + owners
                            + "; accepted are " + accepted,
                    "ids",
                    accepted);
        }
    }

    private static RuleEngine engine(RuleSource source) {
        try {
            return source.engine();
        } catch (IllegalArgumentException e) {
            throw new ApiProblem(400, "rules: " + e.getMessage(), "rules", null);
        }
    }

    private BacktestReport report(BacktestRequest request, RuleEngine rules, AtomicBoolean gone, Lines lines) {
        List<HistoryRun> runs =
                runs(request).stream().map(run -> new HistoryRun(history, run)).toList();
        int[] run = {0};
        Backtest backtest = new Backtest(iterations -> lines.progress(run[0], runs.size(), iterations), gone::get);
        return BacktestReport.of(runs, rules, today.get(), backtest, i -> {
            run[0] = i;
            lines.progress(i, runs.size(), 0);
        });
    }

    /** Oldest first. */
    private List<RunSummary> runs(BacktestRequest request) {
        Map<String, RunSummary> runs = new LinkedHashMap<>();
        for (String id : request.ids()) {
            runs.put(id, history.runs().find(id).orElseThrow(() -> ApiProblem.unknownRun(id)));
        }
        if (request.query().isPresent()) {
            Page<RunSummary, RunQueries.Position> found = history.runs()
                    .list(new RunQueries.Filter(request.query().get(), RunOrder.NEWEST, Optional.empty(), MOST_RUNS));
            if (found.next().isPresent()) {
                throw new ApiProblem(
                        400,
                        "query finds more than " + MOST_RUNS + " runs; accepted is one that finds at most so many",
                        "query",
                        "at most " + MOST_RUNS + " runs");
            }
            List<RunSummary> oldestFirst = new ArrayList<>(found.items());
            Collections.reverse(oldestFirst);
            oldestFirst.forEach(run -> runs.putIfAbsent(run.id(), run));
        }
        return List.copyOf(runs.values());
    }

    /** The answer: one JSON object, or where lines are asked for one a line, the last of them with the result. */
    private static final class Lines {
        private final RoutingContext ctx;
        private final Context loop;
        private final boolean asked;
        private long toldAtNanos = System.nanoTime() - TELL_EVERY_NANOS;

        Lines(RoutingContext ctx) {
            this.ctx = ctx;
            this.loop = ctx.vertx().getOrCreateContext();
            this.asked = String.valueOf(ctx.request().getHeader("Accept")).contains(LINES);
        }

        /** From the worker. */
        void progress(int run, int runs, long iterations) {
            long now = System.nanoTime();
            if (!asked || now - toldAtNanos < TELL_EVERY_NANOS) {
                return;
            }
            toldAtNanos = now;
            line(new JsonObject()
                    .put(
                            "progress",
                            new JsonObject().put("run", run).put("runs", runs).put("iterations", iterations)));
        }

        void end(JsonObject result) {
            if (asked) {
                line(new JsonObject().put("result", result));
                onLoop(v -> {
                    var unused = ctx.response().end();
                });
            } else {
                onLoop(v -> {
                    ctx.response().putHeader("Content-Type", "application/json");
                    var unused = ctx.response().end(result.toBuffer());
                });
            }
        }

        void fail(Throwable e) {
            if (e instanceof CancellationException) {
                return; // nobody is there to be told
            }
            onLoop(v -> {
                if (!ctx.response().headWritten()) {
                    ctx.fail(e);
                } else {
                    JsonObject problem = problem(e).toJson();
                    var unused = ctx.response()
                            .end(new JsonObject().put("problem", problem).encode() + "\n");
                }
            });
        }

        private static ApiProblem problem(Throwable e) {
            if (e instanceof ApiProblem problem) {
                return problem;
            }
            LOG.warn("A back-test failed", e);
            return e instanceof HistoryException
                    ? new ApiProblem(503, String.valueOf(e.getMessage()), null, null)
                    : new ApiProblem(500, "the back-test failed; the log telemetry.log says why", null, null);
        }

        private void line(JsonObject json) {
            onLoop(v -> {
                if (!ctx.response().headWritten()) {
                    ctx.response().putHeader("Content-Type", LINES).setChunked(true);
                }
                var unused = ctx.response().write(json.encode() + "\n");
            });
        }

        private void onLoop(Consumer<Void> step) {
            loop.runOnContext(v -> {
                if (!ctx.response().ended() && !ctx.response().closed()) {
                    step.accept(v);
                }
            });
        }
    }
}
