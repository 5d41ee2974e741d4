package io.gradwatch.telemetry.live;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;

/** Which pages may open a connection or change something, and what the others are told. */
public final class Origins {
    private Origins() {}

    /**
     * Whether the request comes from a page of this very host and port, or from a client that names no origin, which no
     * browser does. A page from elsewhere could else read everything through its visitor's browser.
     */
    public static boolean isOwn(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        HostAndPort host = request.authority();
        if (origin == null) {
            return true;
        }
        return host != null
                && (origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host));
    }

    static void refuse(HttpServerRequest request) {
        answer(
                request,
                new Problem(
                        403,
                        "Forbidden",
                        "Origin",
                        "pages of " + Problem.shortened(String.valueOf(request.getHeader("Origin")))
                                + " may not open a live connection",
                        "the service's own pages, and clients without an Origin header"));
    }

    static void upgradeRequired(HttpServerRequest request) {
        request.response().putHeader("Upgrade", "websocket");
        answer(
                request,
                new Problem(426, "Upgrade Required", "Upgrade", "this address speaks WebSocket only", "websocket"));
    }

    private static void answer(HttpServerRequest request, Problem problem) {
        request.response()
                .setStatusCode(problem.status())
                .putHeader("Content-Type", "application/problem+json")
                .end(problem.json().encode())
                .onFailure(e -> {});
    }
}
