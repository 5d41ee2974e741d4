package io.gradwatch.telemetry.http;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.v1.AuditRecord;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.telemetry.audit.AuditReader;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /audit}: who asked for which change, and what came of it. */
final class AuditRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(AuditRoutes.class);

    private final AuditReader records;
    private final Questions questions;

    AuditRoutes(AuditReader records, Questions questions) {
        this.records = records;
        this.questions = questions;
    }

    void list(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "limit", "cursor");
        int limit = (int) query.whole("limit", 50, 1, 500);
        Optional<List<Long>> place = Cursors.readAny(query);
        questions
                .export(() -> page(place, limit))
                .onSuccess(page -> {
                    if (!ctx.response().ended() && !ctx.response().closed()) {
                        Answer answer = Answer.list(
                                page.items(),
                                AuditRoutes::json,
                                page.next().map(next -> Cursors.of(next.toArray(new Long[0]))));
                        ctx.response().putHeader("Content-Type", answer.mediaType());
                        var unused = ctx.response().end(answer.body());
                    }
                })
                .onFailure(ctx::fail);
    }

    private AuditReader.Page page(Optional<List<Long>> place, int limit) {
        try {
            return records.before(place, limit);
        } catch (RuntimeException e) {
            LOG.warn("Audit records cannot be read: {}", e.toString());
            throw new ApiProblem(
                    503, "Kafka, where the audit records are, does not give them: " + e.getMessage(), null, null);
        }
    }

    private static JsonObject json(Envelope envelope) {
        AuditRecord r = envelope.getAuditRecord();
        return new JsonObject()
                .put("time", JsonValues.time(envelope.getProducedAtMs()))
                .put("runId", envelope.getRunId().equals(Topic.NO_RUN) ? null : envelope.getRunId())
                .put("who", r.getWho().isEmpty() ? null : r.getWho())
                .put("role", r.getRole().isEmpty() ? null : r.getRole())
                .put("address", r.getAddress())
                .put("action", r.getAction())
                .put("target", r.getTarget())
                .put("outcome", r.getOutcome().name().toLowerCase(Locale.ROOT))
                .put("status", r.getStatus())
                .put("detail", r.getDetail())
                .put("reason", r.getReason());
    }
}
