package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.history.Counters;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.Loss;
import io.gradwatch.telemetry.history.RunQueries;
import io.gradwatch.telemetry.history.ServiceQueries;
import io.gradwatch.telemetry.ingest.IngestStatus;
import io.gradwatch.telemetry.live.LiveHub;
import io.gradwatch.telemetry.metrics.Reading;
import io.gradwatch.telemetry.metrics.ServiceMetrics;
import io.gradwatch.telemetry.query.Field;
import io.gradwatch.telemetry.query.Pattern;
import io.gradwatch.telemetry.query.Query;
import io.gradwatch.telemetry.query.RunOrder;
import io.gradwatch.telemetry.runs.RunPhase;
import io.gradwatch.telemetry.runs.RunSummary;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /metrics}, for Prometheus. Runs that go on have metrics of their own, the newest {@link #MOST_RUNS} of them. */
final class MetricsRoute {
    static final int MOST_RUNS = 20;

    private static final Query RUNNING =
            new Query.Like(Field.of("state"), Pattern.exactly(RunPhase.RUNNING.label()), false);

    private final RunQueries runs;
    private final ServiceQueries service;
    private final Questions questions;
    private final Supplier<IngestStatus> ingest;
    private final LiveHub hub;
    private final ServiceMetrics metrics;

    MetricsRoute(
            History history, Questions questions, Supplier<IngestStatus> ingest, LiveHub hub, ServiceMetrics metrics) {
        this.runs = history.runs();
        this.service = history.service();
        this.questions = questions;
        this.ingest = ingest;
        this.hub = hub;
        this.metrics = metrics;
    }

    void metrics(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        questions.answer(ctx, () -> new Answer(ServiceMetrics.MEDIA_TYPE, Buffer.buffer(metrics.scrape())));
    }

    /** The service as it is now; blocks. */
    Reading reading() {
        IngestStatus now = ingest.get();
        Counters read = now.counters();
        return new Reading(
                read.records(),
                read.iterations(),
                read.malformed(),
                read.unknown(),
                service.losses().stream().mapToLong(Loss::records).sum(),
                now.lag(),
                now.connected(),
                now.problem() == null,
                now.ruleNanos() / 1e9,
                service.bytes(),
                service.iterations(),
                hub.viewers(),
                running());
    }

    private List<Reading.OfRun> running() {
        return runs.list(new RunQueries.Filter(RUNNING, RunOrder.NEWEST, Optional.empty(), MOST_RUNS)).items().stream()
                .map(MetricsRoute::ofRun)
                .toList();
    }

    private static Reading.OfRun ofRun(RunSummary run) {
        return new Reading.OfRun(
                run.id(),
                run.iteration(),
                run.loss(),
                run.accuracy(),
                run.learningRate(),
                run.dropped(),
                run.firingAlerts());
    }
}
