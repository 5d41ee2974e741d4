package io.gradwatch.telemetry.http;

import io.gradwatch.contract.v1.AlertAcknowledgement;
import io.gradwatch.contract.v1.Silence;
import io.gradwatch.telemetry.history.AlertHistory;
import io.gradwatch.telemetry.history.AlertQueries;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.RunQueries;
import io.gradwatch.telemetry.rules.RuleDescription;
import io.gradwatch.telemetry.rules.RuleEngine;
import io.gradwatch.telemetry.runs.Attention;
import io.gradwatch.telemetry.runs.RunSummary;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@code /runs/{id}/alerts/{alert}/acknowledgement} and {@code /runs/{id}/silences}: what people say of a run's alerts, kept
 * with what they say of the run. For the event loop.
 */
final class AttentionRoutes {
    private final RunQueries runs;
    private final AlertQueries alerts;
    private final AnnotationRoutes annotations;
    private final Questions questions;
    private final Supplier<RuleEngine> rules;
    private final Clock clock;

    /** @param rules those in force: others cannot be silenced */
    AttentionRoutes(
            History history,
            AnnotationRoutes annotations,
            Questions questions,
            Supplier<RuleEngine> rules,
            Clock clock) {
        this.runs = history.runs();
        this.alerts = history.alerts();
        this.annotations = annotations;
        this.questions = questions;
        this.rules = rules;
        this.clock = clock;
    }

    void acknowledge(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        byte[] body = body(ctx);
        if (body.length > 0) {
            AnnotationRoutes.requireJson(ctx);
        }
        AttentionRequest.Seen seen = AttentionRequest.Seen.read(body);
        String runId = ctx.pathParam("id");
        questions
                .ask(() -> find(runId, ctx.pathParam("alert")))
                .onFailure(ctx::fail)
                .onSuccess(alert -> annotations.change(
                        ctx,
                        runId,
                        run -> Attention.of(run.said())
                                .acknowledge(AlertAcknowledgement.newBuilder()
                                        .setAlertId(alert.newest().getAlertId())
                                        .setBy(Guard.name(ctx, seen.by()))
                                        .setNote(seen.note())
                                        .setAtMs(clock.millis())
                                        .setSeverity(alert.newest().getSeverity())
                                        .build())));
    }

    void takeBack(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        String runId = ctx.pathParam("id");
        questions
                .ask(() -> find(runId, ctx.pathParam("alert")))
                .onFailure(ctx::fail)
                .onSuccess(alert -> annotations.change(
                        ctx,
                        runId,
                        run -> Attention.of(run.said())
                                .withoutAcknowledgement(alert.newest().getAlertId())));
    }

    void silence(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        AnnotationRoutes.requireJson(ctx);
        Silence asked = AttentionRequest.silence(
                body(ctx),
                rules.get().descriptions().stream().map(RuleDescription::rule).toList(),
                clock.millis());
        Silence silence =
                asked.toBuilder().setBy(Guard.name(ctx, asked.getBy())).build();
        annotations.change(
                ctx, ctx.pathParam("id"), run -> Attention.of(run.said()).silence(silence));
    }

    void endSilence(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "rule");
        String rule = query.text("rule").orElse("");
        annotations.change(ctx, ctx.pathParam("id"), run -> {
            boolean isThere = Attention.of(run.annotation()).all().stream()
                    .anyMatch(s -> s.getRule().equals(rule));
            if (!isThere) {
                String accepted = "the rule of a silence of the run; none for the one over all rules";
                throw new ApiProblem(
                        404,
                        "the run has no silence over " + (rule.isEmpty() ? "all rules" : rule) + "; accepted is "
                                + accepted,
                        "rule",
                        accepted);
            }
            return Attention.of(run.said()).withoutSilence(rule);
        });
    }

    void silences(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        String runId = ctx.pathParam("id");
        questions.answer(ctx, () -> {
            RunSummary run = runs.find(runId).orElseThrow(() -> ApiProblem.unknownRun(runId));
            long now = clock.millis();
            JsonArray items = new JsonArray();
            Attention.of(run.annotation()).all().stream()
                    .filter(s -> s.getUntilMs() > now)
                    .forEach(s -> items.add(AlertJson.silence(s)));
            return Answer.json(new JsonObject().put("items", items));
        });
    }

    private AlertHistory find(String runId, String alertId) {
        if (runs.find(runId).isEmpty()) {
            throw ApiProblem.unknownRun(runId);
        }
        return alerts.byId(List.of(alertId)).stream()
                .filter(a -> a.runId().equals(runId))
                .findFirst()
                .orElseThrow(() -> ApiProblem.unknownAlert(alertId));
    }

    private static byte[] body(RoutingContext ctx) {
        return ctx.body().buffer() == null ? new byte[0] : ctx.body().buffer().getBytes();
    }
}
