package io.gradwatch.telemetry.http;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.telemetry.evidence.Card;
import io.gradwatch.telemetry.evidence.Cards;
import io.gradwatch.telemetry.history.AlertHistory;
import io.gradwatch.telemetry.history.AlertQueries;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.RunQueries;
import io.gradwatch.telemetry.query.Query;
import io.gradwatch.telemetry.query.RunOrder;
import io.gradwatch.telemetry.runs.RunSummary;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code /runs/{id}/alerts/{alert}/card}. */
final class CardRoute {
    /** Evidence comes from the newest runs. */
    private static final int MOST_RUNS = 500;

    private final RunQueries runs;
    private final AlertQueries alerts;
    private final Questions questions;

    CardRoute(History history, Questions questions) {
        this.runs = history.runs();
        this.alerts = history.alerts();
        this.questions = questions;
    }

    void card(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        String runId = ctx.pathParam("id");
        String alertId = ctx.pathParam("alert");
        questions.answer(ctx, () -> {
            RunSummary run = runs.find(runId).orElseThrow(() -> ApiProblem.unknownRun(runId));
            AlertHistory alert = alerts.byId(List.of(alertId)).stream()
                    .filter(a -> a.runId().equals(runId))
                    .findFirst()
                    .orElseThrow(() -> ApiProblem.unknownAlert(alertId));
            List<RunSummary> others = runs.list(
                            new RunQueries.Filter(Query.ALL, RunOrder.NEWEST, Optional.empty(), MOST_RUNS))
                    .items();
            return Answer.json(json(alert, Cards.of(alert.transitions(), run, others, this::fired)));
        });
    }

    private Set<String> fired(String runId) {
        return alerts.ofRun(runId).stream()
                .filter(a -> a.transitions().stream()
                        .anyMatch(t -> t.getState() == Alert.State.FIRING
                                && t.getSeverity().compareTo(Alert.Severity.WARNING) >= 0))
                .map(a -> a.newest().getRule())
                .collect(Collectors.toSet());
    }

    private static JsonObject json(AlertHistory alert, Card card) {
        JsonArray measured = new JsonArray();
        card.measured()
                .forEach(
                        f -> measured.add(new JsonObject().put("name", f.name()).put("value", f.value())));
        JsonArray evidence = new JsonArray();
        card.evidence()
                .forEach(e -> evidence.add(new JsonObject()
                        .put("source", e.source().name().toLowerCase(Locale.ROOT))
                        .put("factors", new JsonArray(e.factors()))
                        .put("helped", e.helped())
                        .put("runId", e.runId().orElse(null))
                        .put("name", e.name())
                        .put("text", e.text())));
        JsonArray suggestions = new JsonArray();
        card.suggestions()
                .forEach(s -> suggestions.add(new JsonObject()
                        .put("title", s.title())
                        .put("text", s.text())
                        .put("command", s.command().orElse(null))));
        return new JsonObject()
                .put("alertId", alert.newest().getAlertId())
                .put("runId", alert.runId())
                .put("rule", alert.newest().getRule())
                .put("version", alert.newest().getRuleVersion())
                .put("title", card.title())
                .put("measured", measured)
                .put("meaning", new JsonArray(card.meaning()))
                .put("evidence", evidence)
                .put("suggestions", suggestions);
    }
}
