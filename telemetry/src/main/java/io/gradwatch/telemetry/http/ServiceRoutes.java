package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.history.Counters;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.Loss;
import io.gradwatch.telemetry.history.Page;
import io.gradwatch.telemetry.history.QuarantinedRecord;
import io.gradwatch.telemetry.history.ServiceQueries;
import io.gradwatch.telemetry.ingest.IngestStatus;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** {@code /status}, {@code /quarantine}, {@code /healthz} and {@code /readyz}. */
final class ServiceRoutes {
    private final ServiceQueries service;
    private final Questions questions;
    private final Supplier<IngestStatus> ingest;
    private final IntSupplier viewers;
    private final String bootstrap;
    private final Optional<Instances> group;
    private final Clock clock;
    private final long startedAtMs;

    ServiceRoutes(
            History history,
            Questions questions,
            Supplier<IngestStatus> ingest,
            IntSupplier viewers,
            String bootstrap,
            Optional<Instances> group,
            Clock clock) {
        this.service = history.service();
        this.questions = questions;
        this.ingest = ingest;
        this.viewers = viewers;
        this.bootstrap = bootstrap;
        this.group = group;
        this.clock = clock;
        this.startedAtMs = clock.millis();
    }

    void status(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        IngestStatus now = ingest.get();
        Counters read = now.counters();
        JsonObject status = new JsonObject()
                .put("version", version())
                .put("startedAt", JsonValues.time(startedAtMs))
                .put("now", JsonValues.time(clock.millis()))
                .put(
                        "kafka",
                        new JsonObject()
                                .put("bootstrap", bootstrap)
                                .put("connected", now.connected())
                                .put("lag", now.lag()))
                .put(
                        "ingest",
                        new JsonObject()
                                .put("iterations", read.iterations())
                                .put("records", read.records())
                                .put("malformed", read.malformed())
                                .put("unknown", read.unknown())
                                .put(
                                        "lastRecordAt",
                                        read.lastRecordAtMs() == 0 ? null : JsonValues.time(read.lastRecordAtMs())))
                .put("viewers", viewers.getAsInt());
        group.ifPresent(all -> status.put("group", all.status()));
        questions.answer(ctx, () -> {
            status.getJsonObject("ingest").put("lost", lost());
            return Answer.json(status.put(
                    "history",
                    new JsonObject()
                            .put("iterations", service.iterations())
                            .put("bytes", service.bytes())
                            .put("problem", now.problem())));
        });
    }

    private long lost() {
        return service.losses().stream().mapToLong(Loss::records).sum();
    }

    void quarantine(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "limit", "cursor");
        int limit = (int) query.whole("limit", 50, 1, 500);
        var before = Cursors.read(query, 1).map(n -> n.get(0));
        questions.answer(ctx, () -> {
            Page<QuarantinedRecord, Long> page = service.quarantine(before, limit);
            return Answer.list(page.items(), ServiceRoutes::json, page.next().map(Cursors::of));
        });
    }

    void health(RoutingContext ctx) {
        send(ctx, 200, new JsonObject().put("status", "up"));
    }

    void readiness(RoutingContext ctx) {
        IngestStatus now = ingest.get();
        if (now.connected() && now.caughtUp() && now.problem() == null) {
            send(ctx, 200, new JsonObject().put("status", "ready"));
        } else {
            String why = now.problem() != null
                    ? now.problem()
                    : now.connected() ? "the log is being read up to its end" : "Kafka does not answer";
            Problems.send(ctx, 503, new ApiProblem(503, "not ready: " + why, null, null).toJson());
        }
    }

    private static JsonObject json(QuarantinedRecord r) {
        return new JsonObject()
                .put("topic", r.topic())
                .put("partition", r.partition())
                .put("offset", r.offset())
                .put("time", JsonValues.time(r.timeMs()))
                .put("key", r.key())
                .put("reason", r.reason())
                .put("size", r.size());
    }

    private static void send(RoutingContext ctx, int status, JsonObject body) {
        ctx.response().setStatusCode(status).putHeader("Content-Type", "application/json");
        var unused = ctx.response().end(body.toBuffer());
    }

    private static String version() {
        String version = ServiceRoutes.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
