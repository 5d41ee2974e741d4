package io.gradwatch.telemetry.http;

import io.gradwatch.contract.RunIds;
import io.gradwatch.contract.Topic;
import io.gradwatch.telemetry.access.AccessControl;
import io.gradwatch.telemetry.access.Answer;
import io.gradwatch.telemetry.access.Loopback;
import io.gradwatch.telemetry.access.Pass;
import io.gradwatch.telemetry.access.Person;
import io.gradwatch.telemetry.access.Role;
import io.gradwatch.telemetry.audit.AuditLog;
import io.gradwatch.telemetry.live.Origins;
import io.vertx.core.Handler;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;

/** Stands before every route: whether the request may come from there, who asks, and whether they may. For the event loop. */
final class Guard {
    /** Of a request that another service of the group has handed on: a pass. */
    static final String PASS = "Gradwatch-Pass";

    private static final String PERSON = "person";
    private static final String PASSED = "passed";
    private static final String HANDED_ON = "handed-on";
    private static final String BEARER = "Bearer ";
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final AccessControl access;
    private final AuditLog audit;
    private final Optional<String> group;

    /** @param group whose services know each other's sessions; empty: this one is alone */
    Guard(AccessControl access, AuditLog audit, Optional<String> group) {
        this.access = access;
        this.audit = audit;
        this.group = group;
    }

    /** Whether another service of the group asks, on somebody's behalf. */
    static boolean isPassed(RoutingContext ctx) {
        return ctx.get(PASSED) instanceof Pass;
    }

    /** Another service answers, and records what comes of it. */
    static void handOn(RoutingContext ctx) {
        ctx.put(HANDED_ON, true);
    }

    /** What is signed of a request. */
    static String signed(HttpMethod method, String target) {
        return method + " " + target;
    }

    /** The handler that goes before a route's own. */
    Handler<RoutingContext> before(HttpMethod method, String path) {
        String action = method + " " + openApi(path);
        if (RouteRules.PUBLIC.contains(action)) {
            return ctx -> {
                requireOwn(ctx, action);
                ctx.next();
            };
        }
        Role needed = RouteRules.of(action);
        return ctx -> enter(ctx, action, needed);
    }

    /** Before what no route answers. */
    void beforeNothing(RoutingContext ctx) {
        enter(ctx, ctx.request().method() + " " + ctx.request().path(), Role.VIEWER);
    }

    /** A path of Vert.x's as OpenAPI has it. */
    static String openApi(String path) {
        return path.replace(":id", "{id}").replace(":alert", "{alert}");
    }

    private void enter(RoutingContext ctx, String action, Role needed) {
        readPass(ctx);
        if (!isPassed(ctx)) {
            requireOwn(ctx, action);
        }
        Answer answer = answer(ctx);
        boolean changes = !READING.contains(ctx.request().method());
        if (answer instanceof Answer.Yes yes) {
            Person person = yes.person();
            ctx.put(PERSON, person);
            if (changes && needed != Role.VIEWER) {
                record(ctx, action, Optional.of(person));
            }
            if (!person.role().includes(needed)) {
                String accepted =
                        "a token of role " + needed.label() + (needed == Role.ADMIN ? "" : ", or of a higher one");
                throw new ApiProblem(
                        403,
                        "your role, " + person.role().label() + ", does not allow this; accepted is " + accepted,
                        null,
                        accepted);
            }
            ctx.next();
            return;
        }
        if (answer instanceof Answer.Wrong && ctx.request().headers().contains("Authorization")) {
            record(ctx, action, Optional.empty());
        }
        throw refusal(ctx, answer);
    }

    private void readPass(RoutingContext ctx) {
        String pass = ctx.request().getHeader(PASS);
        if (pass != null) {
            access.readPass(pass, signed(ctx.request().method(), ctx.request().uri()))
                    .ifPresent(read -> ctx.put(PASSED, read));
        }
    }

    /** What the request shows: a token goes before a session. */
    Answer answer(RoutingContext ctx) {
        if (ctx.request().headers().contains(PASS)) { // one that is not genuine counts as nothing else either
            return ctx.get(PASSED) instanceof Pass pass ? new Answer.Yes(pass.person()) : new Answer.Wrong();
        }
        String authorization = ctx.request().getHeader("Authorization");
        if (authorization != null) {
            return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                    ? access.token(authorization.substring(BEARER.length()).strip(), address(ctx.request()))
                    : access.required() ? new Answer.Wrong() : access.nothing();
        }
        Cookie cookie = ctx.request().getCookie(cookieName(ctx.request()));
        return cookie == null ? access.nothing() : access.session(cookie.getValue());
    }

    /** The refusal that an answer is. */
    static ApiProblem refusal(RoutingContext ctx, Answer answer) {
        String accepted = "Authorization: Bearer TOKEN, or a session of POST /api/v1/session";
        if (answer instanceof Answer.Wait wait) {
            long seconds = Math.max(1, (wait.rest().toMillis() + 999) / 1000);
            ctx.response().putHeader("Retry-After", Long.toString(seconds));
            return new ApiProblem(
                    429,
                    "too many wrong tokens came from your address; the next one is looked at in " + seconds + " s",
                    null,
                    null);
        }
        ctx.response().putHeader("WWW-Authenticate", "Bearer realm=\"Gradwatch\"");
        return new ApiProblem(
                401,
                (answer instanceof Answer.Wrong
                                ? "the token or session is not, or no longer, valid"
                                : "who you are has to be shown")
                        + "; accepted is " + accepted,
                null,
                accepted);
    }

    /** Records what comes of a request, when it is answered. */
    void record(RoutingContext ctx, String action, Optional<Person> person) {
        String address = ctx.get(PASSED) instanceof Pass pass ? pass.address() : address(ctx.request());
        ctx.addEndHandler(done -> {
            if (ctx.get(HANDED_ON) == null) {
                audit.append(
                        Optional.ofNullable(ctx.pathParam("id"))
                                .filter(id -> action.contains("/runs/") && RunIds.isValid(id))
                                .orElse(Topic.NO_RUN),
                        AuditEntry.of(ctx, action, person, address));
            }
        });
    }

    /** Whoever asked. */
    static Person person(RoutingContext ctx) {
        Person person = ctx.get(PERSON);
        return person == null ? Person.ANYBODY : person;
    }

    /** Name of whoever asked, if they had to prove it; else what they say of themselves. */
    static String name(RoutingContext ctx, String said) {
        return person(ctx).name().orElse(said);
    }

    /** @throws ApiProblem the request was made by somebody else's page */
    private void requireOwn(RoutingContext ctx, String action) {
        HttpServerRequest request = ctx.request();
        HostAndPort host = request.authority();
        if (!access.required() && host != null && !Loopback.isNobodysName(host.host())) {
            throw new ApiProblem(
                    403,
                    "this service is asked for as " + ApiProblem.shortened(host.host())
                            + ", and pages elsewhere could do so through a browser; accepted is an address, or"
                            + " localhost, or any name once somebody has a token (./gradwatch access add)",
                    "Host",
                    "an address, or localhost");
        }
        boolean changes = !READING.contains(request.method());
        if ((changes || action.endsWith("/live")) && !Origins.isOwn(request)) {
            throw new ApiProblem(
                    403,
                    "pages of " + ApiProblem.shortened(String.valueOf(request.getHeader("Origin")))
                            + " may not do this; accepted are the service's own pages, and clients without an Origin"
                            + " header",
                    "Origin",
                    "the service's own pages, and clients without an Origin header");
        }
    }

    /** Where a request comes from; behind a proxy on this machine, where the proxy says. */
    static String address(HttpServerRequest request) {
        String peer = request.remoteAddress() == null
                ? ""
                : String.valueOf(request.remoteAddress().hostAddress());
        String forwarded = request.getHeader("X-Forwarded-For");
        if (forwarded == null || !Loopback.is(peer)) {
            return peer;
        }
        String last = forwarded.substring(forwarded.lastIndexOf(',') + 1).strip();
        return last.matches("[0-9a-fA-F.:]{2,45}") ? last : peer;
    }

    /** Cookies know no ports: two services of one machine have two names, unless they are of one group. */
    String cookieName(HttpServerRequest request) {
        return "gradwatch-"
                + group.orElseGet(() -> Integer.toString(
                        request.localAddress() == null
                                ? 0
                                : request.localAddress().port()));
    }
}
