package io.gradwatch.telemetry.http;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.telemetry.history.AlertHistory;
import io.gradwatch.telemetry.history.AlertQueries;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.Page;
import io.gradwatch.telemetry.history.RunQueries;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /alerts} and {@code /runs/{id}/alerts}. */
final class AlertRoutes {
    private static final Map<String, Alert.State> STATES = states();

    private final RunQueries runs;
    private final AlertQueries alerts;
    private final Questions questions;
    private final Clock clock;

    AlertRoutes(History history, Questions questions, Clock clock) {
        this.clock = clock;
        this.runs = history.runs();
        this.alerts = history.alerts();
        this.questions = questions;
    }

    void all(RoutingContext ctx) {
        list(ctx, Optional.empty());
    }

    void ofRun(RoutingContext ctx) {
        list(ctx, Optional.of(ctx.pathParam("id")));
    }

    /** Those of all runs of all services of a group, in the order of their time. */
    void gather(RoutingContext ctx, Gathering all) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "state", "acknowledged", "limit", "cursor");
        var unused = state(query);
        var unusedToo = acknowledged(query);
        AlertCursors.read(query);
        all.list(
                ctx,
                item -> String.valueOf(item.getString("runId")),
                AlertCursors::place,
                AlertCursors::of,
                AlertCursors.ORDER,
                (int) query.whole("limit", 50, 1, 500));
    }

    /** Those of this service, for another one that gathers; or those of a run in a group. */
    void inTime(RoutingContext ctx, Optional<String> runId) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "state", "acknowledged", "limit", "cursor");
        Optional<Alert.State> state = state(query);
        Optional<Boolean> acknowledged = acknowledged(query);
        int limit = (int) query.whole("limit", 50, 1, 500);
        Optional<AlertQueries.Place> before = AlertCursors.read(query);
        questions.answer(ctx, () -> {
            runId.filter(id -> runs.find(id).isEmpty()).ifPresent(id -> {
                throw ApiProblem.unknownRun(id);
            });
            AlertQueries.Listed page = alerts.inTime(runId, state, acknowledged, before, limit);
            Optional<String> next = page.next().map(AlertCursors::of);
            return runId.isPresent()
                    ? Answer.list(page.items(), alert -> AlertJson.alert(alert, clock.millis()), next)
                    : Answer.placed(
                            page.items(),
                            alert -> AlertJson.alert(alert, clock.millis()),
                            page.places().stream().map(AlertCursors::of).toList(),
                            next);
        });
    }

    private static Optional<Alert.State> state(QueryParameters query) {
        return query.oneOf("state", STATES.keySet(), word -> Optional.ofNullable(STATES.get(word)));
    }

    private static Optional<Boolean> acknowledged(QueryParameters query) {
        return query.oneOf("acknowledged", List.of("true", "false"), word -> Optional.of(Boolean.parseBoolean(word)));
    }

    private void list(RoutingContext ctx, Optional<String> runId) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "state", "acknowledged", "limit", "cursor");
        Optional<Alert.State> state = state(query);
        Optional<Boolean> acknowledged = acknowledged(query);
        int limit = (int) query.whole("limit", 50, 1, 500);
        Optional<Integer> before = Cursors.read(query, 1).map(n -> n.get(0).intValue());
        questions.answer(ctx, () -> {
            runId.filter(id -> runs.find(id).isEmpty()).ifPresent(id -> {
                throw ApiProblem.unknownRun(id);
            });
            Page<AlertHistory, Integer> page = alerts.list(runId, state, acknowledged, before, limit);
            return Answer.list(
                    page.items(),
                    alert -> AlertJson.alert(alert, clock.millis()),
                    page.next().map(n -> Cursors.of((long) n)));
        });
    }

    private static Map<String, Alert.State> states() {
        Map<String, Alert.State> states = new LinkedHashMap<>();
        for (Alert.State state : List.of(
                Alert.State.PENDING,
                Alert.State.FIRING,
                Alert.State.RECOVERING,
                Alert.State.RESOLVED,
                Alert.State.SUPPRESSED,
                Alert.State.NO_DATA)) {
            states.put(AlertHistory.label(state), state);
        }
        return states;
    }
}
