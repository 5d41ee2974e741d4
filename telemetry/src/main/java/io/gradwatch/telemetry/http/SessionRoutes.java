package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.access.AccessControl;
import io.gradwatch.telemetry.access.Answer;
import io.gradwatch.telemetry.access.Person;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** {@code /session}: a browser gives a token once, and gets a cookie that no script can read. For the event loop. */
final class SessionRoutes {
    private static final int LONGEST_TOKEN = 200;
    private static final String ACTION = " /api/v1/session";

    private final AccessControl access;
    private final Guard guard;

    SessionRoutes(AccessControl access, Guard guard) {
        this.access = access;
        this.guard = guard;
    }

    /** Who asks, and whether anybody has to tell. */
    void show(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        Answer answer = guard.answer(ctx);
        answer(ctx, answer instanceof Answer.Yes yes ? Optional.of(yes.person()) : Optional.empty());
    }

    void begin(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        AnnotationRoutes.requireJson(ctx);
        JsonObject body = JsonBody.read(
                ctx.body().buffer() == null ? new byte[0] : ctx.body().buffer().getBytes(), List.of("token"));
        String accepted = "a token of './gradwatch access add'";
        String token = JsonBody.text(body, "token", LONGEST_TOKEN)
                .orElseThrow(() -> new ApiProblem(400, "token is missing; accepted is " + accepted, "token", accepted));
        Answer answer = access.token(token, Guard.address(ctx.request()));
        if (!(answer instanceof Answer.Yes yes)) {
            if (answer instanceof Answer.Wrong) {
                guard.record(ctx, "POST" + ACTION, Optional.empty());
            }
            throw Guard.refusal(ctx, answer);
        }
        guard.record(ctx, "POST" + ACTION, Optional.of(yes.person()));
        access.newSession(yes.person())
                .ifPresent(session -> ctx.response()
                        .addCookie(cookie(ctx, session)
                                .setMaxAge(access.sessionLife().toSeconds())));
        answer(ctx, Optional.of(yes.person()));
    }

    void end(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        ctx.response().addCookie(cookie(ctx, "").setMaxAge(0));
        answer(ctx, access.nothing() instanceof Answer.Yes yes ? Optional.of(yes.person()) : Optional.empty());
    }

    private Cookie cookie(RoutingContext ctx, String value) {
        boolean encrypted =
                ctx.request().isSSL() || "https".equalsIgnoreCase(ctx.request().getHeader("X-Forwarded-Proto"));
        return Cookie.cookie(guard.cookieName(ctx.request()), value)
                .setPath("/")
                .setHttpOnly(true)
                .setSameSite(CookieSameSite.STRICT)
                .setSecure(encrypted);
    }

    private void answer(RoutingContext ctx, Optional<Person> person) {
        ctx.response().putHeader("Content-Type", "application/json").putHeader("Cache-Control", "no-store");
        var unused = ctx.response()
                .end(new JsonObject()
                        .put("required", access.required())
                        .put("name", person.flatMap(Person::name).orElse(null))
                        .put("role", person.map(p -> p.role().label()).orElse(null))
                        .toBuffer());
    }
}
