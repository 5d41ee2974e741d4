package io.gradwatch.telemetry.http;

import static io.gradwatch.telemetry.access.Role.ADMIN;
import static io.gradwatch.telemetry.access.Role.OPERATOR;
import static io.gradwatch.telemetry.access.Role.VIEWER;

import io.gradwatch.telemetry.access.Role;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Which role each route needs. A route that stands nowhere here needs the highest one, and a test that it fails. */
final class RouteRules {
    /** For everybody: they tell nothing that was measured. */
    static final Set<String> PUBLIC = Set.of(
            "GET /healthz",
            "GET /readyz",
            "GET /api/v1/openapi.yaml",
            "GET /api/v1/session",
            "POST /api/v1/session",
            "DELETE /api/v1/session");

    static final Map<String, Role> NEEDED = needed();

    private RouteRules() {}

    private static Map<String, Role> needed() {
        Map<String, Role> needed = new LinkedHashMap<>();
        for (String path : new String[] {
            "/alerts",
            "/divergence",
            "/live",
            "/notifications",
            "/quarantine",
            "/rules",
            "/runs",
            "/runs/compare",
            "/runs/overview",
            "/runs/{id}",
            "/runs/{id}/alerts",
            "/runs/{id}/alerts/{alert}/card",
            "/runs/{id}/commands",
            "/runs/{id}/epochs",
            "/runs/{id}/export",
            "/runs/{id}/heatmap",
            "/runs/{id}/histograms",
            "/runs/{id}/layers",
            "/runs/{id}/records",
            "/runs/{id}/series",
            "/runs/{id}/silences",
            "/runs/{id}/superseded",
            "/runs/{id}/twin",
            "/series",
            "/status"
        }) {
            needed.put("GET /api/v1" + path, VIEWER);
        }
        needed.put("GET /metrics", VIEWER);
        needed.put("POST /api/v1/rules/validate", VIEWER);

        // what trainers are told, what is said of runs and alerts, and what keeps a processor busy for long
        needed.put("PATCH /api/v1/runs/{id}", OPERATOR);
        needed.put("POST /api/v1/runs/{id}/archive", OPERATOR);
        needed.put("POST /api/v1/runs/{id}/commands", OPERATOR);
        needed.put("POST /api/v1/runs/{id}/twin", OPERATOR);
        needed.put("PUT /api/v1/runs/{id}/alerts/{alert}/acknowledgement", OPERATOR);
        needed.put("DELETE /api/v1/runs/{id}/alerts/{alert}/acknowledgement", OPERATOR);
        needed.put("PUT /api/v1/runs/{id}/silences", OPERATOR);
        needed.put("DELETE /api/v1/runs/{id}/silences", OPERATOR);
        needed.put("POST /api/v1/rules/backtest", OPERATOR);

        // what cannot be taken back, or reaches beyond this service
        needed.put("DELETE /api/v1/runs/{id}", ADMIN);
        needed.put("POST /api/v1/runs/import", ADMIN);
        needed.put("PUT /api/v1/rules", ADMIN);
        needed.put("POST /api/v1/notifications/test", ADMIN);
        needed.put("POST /api/v1/notifications/{id}/retry", ADMIN);
        needed.put("DELETE /api/v1/notifications/{id}", ADMIN);
        needed.put("GET /api/v1/audit", ADMIN);
        return needed;
    }

    /** The role that a route needs. */
    static Role of(String route) {
        return NEEDED.getOrDefault(route, ADMIN);
    }
}
