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

    private void list(RoutingContext ctx, Optional<String> runId) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "state", "acknowledged", "limit", "cursor");
        Optional<Alert.State> state =
                query.oneOf("state", STATES.keySet(), word -> Optional.ofNullable(STATES.get(word)));
        Optional<Boolean> acknowledged =
                query.oneOf("acknowledged", List.of("true", "false"), word -> Optional.of(Boolean.parseBoolean(word)));
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
