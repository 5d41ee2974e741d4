package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.history.Counters;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.Loss;
import io.gradwatch.telemetry.history.RunQueries;
import io.gradwatch.telemetry.history.ServiceQueries;
import io.gradwatch.telemetry.ingest.IngestStatus;
import io.gradwatch.telemetry.live.LiveHub;
import io.gradwatch.telemetry.metrics.Exposition;
import io.gradwatch.telemetry.metrics.Exposition.Sample;
import io.gradwatch.telemetry.query.Field;
import io.gradwatch.telemetry.query.Pattern;
import io.gradwatch.telemetry.query.Query;
import io.gradwatch.telemetry.query.RunOrder;
import io.gradwatch.telemetry.runs.RunPhase;
import io.gradwatch.telemetry.runs.RunSummary;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
    private final List<Instances.Gauge> group;

    MetricsRoute(
            History history,
            Questions questions,
            Supplier<IngestStatus> ingest,
            LiveHub hub,
            List<Instances.Gauge> group) {
        this.group = group;
        this.runs = history.runs();
        this.service = history.service();
        this.questions = questions;
        this.ingest = ingest;
        this.hub = hub;
    }

    void metrics(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        questions.answer(ctx, () -> new Answer(Exposition.MEDIA_TYPE, Buffer.buffer(page())));
    }

    private String page() {
        IngestStatus now = ingest.get();
        Counters read = now.counters();
        Exposition page = new Exposition()
                .counter("gradwatch_ingest_records_total", "Records read from Kafka.", read.records())
                .counter("gradwatch_ingest_iterations_total", "Iterations among them.", read.iterations())
                .counter("gradwatch_ingest_malformed_total", "Records that could not be read.", read.malformed())
                .counter("gradwatch_ingest_unknown_total", "Records of a type that is not known.", read.unknown())
                .counter(
                        "gradwatch_ingest_lost_total",
                        "Records that Kafka had deleted before they were read.",
                        service.losses().stream().mapToLong(Loss::records).sum())
                .gauge("gradwatch_ingest_lag_records", "Records in Kafka that have not been read yet.", now.lag())
                .gauge("gradwatch_kafka_connected", "1 while Kafka answers.", now.connected() ? 1 : 0)
                .gauge(
                        "gradwatch_history_writable",
                        "0 while history cannot be written, as on a full disk.",
                        now.problem() == null ? 1 : 0)
                .counter(
                        "gradwatch_rules_seconds_total",
                        "Time spent judging, since reading last began.",
                        now.ruleNanos() / 1e9)
                .gauge("gradwatch_history_bytes", "Size of the history file.", service.bytes())
                .gauge("gradwatch_history_iterations", "Iterations in history.", service.iterations())
                .gauge("gradwatch_viewers", "Open live connections.", hub.viewers())
                .histogram(
                        "gradwatch_frame_latency_seconds",
                        "From the trainer's stamp of a point to the frame that brings it; both clocks matter.",
                        hub.frameLatency())
                .gauge(
                        "gradwatch_heap_bytes",
                        "Heap in use.",
                        Runtime.getRuntime().totalMemory()
                                - (double) Runtime.getRuntime().freeMemory())
                .gauge(
                        "gradwatch_heap_max_bytes",
                        "Heap at most.",
                        Runtime.getRuntime().maxMemory())
                .counter(
                        "gradwatch_uptime_seconds_total",
                        "Since the process began.",
                        ManagementFactory.getRuntimeMXBean().getUptime() / 1e3);
        group.forEach(
                gauge -> page.gauge(gauge.name(), gauge.help(), gauge.value().getAsDouble()));
        ofRuns(page);
        return page.toString();
    }

    private void ofRuns(Exposition page) {
        List<RunSummary> running = runs.list(
                        new RunQueries.Filter(RUNNING, RunOrder.NEWEST, Optional.empty(), MOST_RUNS))
                .items();
        page.gauge(
                        "gradwatch_run_iteration",
                        "Newest iteration of a run that goes on.",
                        of(running, RunSummary::iteration))
                .gauge("gradwatch_run_loss", "Its loss.", of(running, RunSummary::loss))
                .gauge("gradwatch_run_accuracy", "Its accuracy, of the batch.", of(running, RunSummary::accuracy))
                .gauge("gradwatch_run_learning_rate", "Its learning rate.", of(running, RunSummary::learningRate))
                .gauge(
                        "gradwatch_run_dropped_records",
                        "Records that its trainer could not send.",
                        of(running, RunSummary::dropped))
                .gauge("gradwatch_run_firing_alerts", "Its alerts that fire.", of(running, RunSummary::firingAlerts));
    }

    private static List<Sample> of(List<RunSummary> runs, Function<RunSummary, @Nullable Number> value) {
        return runs.stream()
                .filter(run -> value.apply(run) != null)
                .map(run -> {
                    Number number = value.apply(run);
                    return new Sample(Map.of("run", run.id()), number == null ? Double.NaN : number.doubleValue());
                })
                .toList();
    }
}
