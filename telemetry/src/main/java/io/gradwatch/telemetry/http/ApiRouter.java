package io.gradwatch.telemetry.http;

import static java.util.Objects.requireNonNull;

import io.gradwatch.telemetry.access.AccessControl;
import io.gradwatch.telemetry.access.Person;
import io.gradwatch.telemetry.audit.AuditLog;
import io.gradwatch.telemetry.audit.AuditReader;
import io.gradwatch.telemetry.control.CommandLog;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.ingest.AnnotationLog;
import io.gradwatch.telemetry.ingest.IngestStatus;
import io.gradwatch.telemetry.lifecycle.RunLifecycle;
import io.gradwatch.telemetry.live.LiveHub;
import io.gradwatch.telemetry.metrics.ServiceMetrics;
import io.gradwatch.telemetry.notify.Notifier;
import io.gradwatch.telemetry.rulefile.RulesInForce;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything that the service answers over HTTP. docs/api.md and docs/openapi.yaml describe it. */
public final class ApiRouter {
    private static final String CSP =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** Bytes of a request's body. */
    static final int MOST_BODY = 128 << 10;

    /** The same of rules: a file of them may be longer. */
    static final int MOST_RULES = 1 << 20;

    private static final Pattern MALFORMED = Pattern.compile("%(?![0-9a-fA-F]{2})");
    private static final String RULES = "/api/v1/rules";
    private static final long VISIBLE_WITHIN_MS = 5_000;
    private static final String COMMANDS = "/api/v1/runs/:id/commands";
    private static final String SESSION = "/api/v1/session";
    private static final String SILENCES = "/api/v1/runs/:id/silences";

    private final Vertx vertx;
    private final Questions questions;
    private final Guard guard;
    private final Optional<Instances> instances;
    private Runnable closing = () -> {};
    private final Map<String, Handler<RoutingContext>> routes = new LinkedHashMap<>();
    /** What changes something: by path, then method. */
    private final Map<String, Map<HttpMethod, Handler<RoutingContext>>> changes = new LinkedHashMap<>();

    /**
     * Makes the routes.
     *
     * @param rules that judge live
     * @param launcher who starts twins of runs, by the name that it listens to; empty: nobody does
     * @param bootstrap address of Kafka, to be shown
     * @param people who may do what
     * @param audit where what they ask for is recorded
     * @param metrics which it starts
     * @param instances the group that the service belongs to; empty: it is alone
     */
    public ApiRouter(
            Vertx vertx,
            History history,
            LiveHub hub,
            HistoryAccess access,
            RulesInForce rules,
            Supplier<IngestStatus> ingest,
            RunLifecycle lifecycle,
            AnnotationLog annotations,
            Notifier notifier,
            CommandLog commands,
            Optional<String> launcher,
            String bootstrap,
            AccessControl people,
            AuditLog audit,
            AuditReader auditRecords,
            ServiceMetrics metrics,
            Optional<Instances> instances,
            Clock clock) {
        this.vertx = vertx;
        this.instances = instances;
        this.guard = new Guard(people, audit, instances.map(Instances::group));
        this.questions = access.questions();
        RunRoutes runs = new RunRoutes(history, lifecycle::diskUse, questions, clock);
        SeriesRoutes series = new SeriesRoutes(history, questions);
        HistogramRoutes histograms = new HistogramRoutes(history, questions);
        AlertRoutes alerts = new AlertRoutes(history, questions, clock);
        RuleRoutes ruleRoutes = new RuleRoutes(rules, questions);
        ExportRoute export = new ExportRoute(history, lifecycle.archive(), questions);
        RunFileRoutes files = new RunFileRoutes(history, lifecycle, questions);
        RecordRoutes records = new RecordRoutes(history, questions);
        ServiceRoutes service =
                new ServiceRoutes(history, questions, ingest, hub::viewers, bootstrap, instances, clock);
        Answer openApi = new Answer("application/yaml", resource("openapi.yaml"));

        NotificationRoutes notifications = new NotificationRoutes(notifier, questions);
        changes.put("/api/v1/notifications/test", Map.of(HttpMethod.POST, notifications::test));
        changes.put("/api/v1/notifications/:id/retry", Map.of(HttpMethod.POST, notifications::retry));
        changes.put("/api/v1/notifications/:id", Map.of(HttpMethod.DELETE, notifications::discard));
        changes.put("/api/v1/runs/import", Map.of(HttpMethod.POST, files::take));
        changes.put("/api/v1/runs/:id/archive", Map.of(HttpMethod.POST, files::store));
        var annotated =
                new AnnotationRoutes(vertx, history, lifecycle::diskUse, questions, annotations, VISIBLE_WITHIN_MS);
        changes.put("/api/v1/runs/:id", Map.of(HttpMethod.DELETE, files::delete, HttpMethod.PATCH, annotated::patch));
        AttentionRoutes attention = new AttentionRoutes(history, annotated, questions, rules::engine, clock);
        changes.put(
                "/api/v1/runs/:id/alerts/:alert/acknowledgement",
                Map.of(HttpMethod.PUT, attention::acknowledge, HttpMethod.DELETE, attention::takeBack));
        changes.put(SILENCES, Map.of(HttpMethod.PUT, attention::silence, HttpMethod.DELETE, attention::endSilence));
        routes.put(SILENCES, attention::silences);
        var backtest = new BacktestRoute(history, rules::engine, RuleRoutes::written, questions, instances, clock);
        changes.put(RULES + "/backtest", Map.of(HttpMethod.POST, backtest::backtest));
        CommandRoutes control = new CommandRoutes(vertx, history, questions, commands, launcher, clock);
        changes.put(COMMANDS, Map.of(HttpMethod.POST, control::send));
        routes.put(COMMANDS, control::list);
        changes.put("/api/v1/runs/:id/twin", Map.of(HttpMethod.POST, control::startTwin));
        routes.put("/api/v1/runs/:id/twin", control::twin);
        routes.put("/api/v1/runs", runs::list);
        routes.put("/api/v1/runs/compare", runs::compare);
        routes.put("/api/v1/runs/overview", new OverviewRoute(history, questions)::overview);
        routes.put("/api/v1/runs/:id", runs::one);
        routes.put("/api/v1/runs/:id/superseded", new SupersededRoute(history, questions)::superseded);
        routes.put("/api/v1/runs/:id/layers", runs::layers);
        routes.put("/api/v1/runs/:id/epochs", runs::epochs);
        routes.put("/api/v1/runs/:id/series", series::series);
        routes.put("/api/v1/runs/:id/heatmap", series::heatMap);
        routes.put("/api/v1/series", series::several);
        routes.put("/api/v1/divergence", new DivergenceRoute(history, questions)::divergence);
        routes.put("/api/v1/runs/:id/histograms", histograms::histograms);
        routes.put("/api/v1/runs/:id/export", export::export);
        routes.put("/api/v1/runs/:id/records", records::records);
        routes.put("/api/v1/runs/:id/alerts", alerts::ofRun);
        routes.put("/api/v1/runs/:id/alerts/:alert/card", new CardRoute(history, questions)::card);
        routes.put("/api/v1/alerts", alerts::all);
        routes.put("/api/v1/rules", ruleRoutes::list);
        changes.put("/api/v1/rules", Map.of(HttpMethod.PUT, ruleRoutes::put));
        changes.put("/api/v1/rules/validate", Map.of(HttpMethod.POST, ruleRoutes::validate));
        routes.put("/api/v1/notifications", notifications::status);
        routes.put("/api/v1/status", service::status);
        routes.put("/api/v1/quarantine", service::quarantine);
        routes.put("/api/v1/openapi.yaml", ctx -> questions.answer(ctx, () -> openApi));
        Handler<RoutingContext> live = ctx -> {
            Person viewer = Guard.person(ctx);
            hub.upgrade(ctx.request(), () -> people.stillLets(viewer));
        };
        routes.put("/api/v1/live", live);
        instances.ifPresent(all -> share(all, runs, alerts, live, people, clock));
        SessionRoutes session = new SessionRoutes(people, guard);
        routes.put(SESSION, session::show);
        changes.put(SESSION, Map.of(HttpMethod.POST, session::begin, HttpMethod.DELETE, session::end));
        routes.put("/api/v1/audit", new AuditRoutes(auditRecords, questions)::list);
        instances.ifPresent(of -> of.gauges().forEach(one -> metrics.gauge(one.name(), one.help(), one.value())));
        MetricsRoute measured = new MetricsRoute(history, questions, ingest, hub, metrics);
        metrics.start(measured::reading);
        routes.put("/metrics", measured::metrics);
        routes.put("/healthz", service::health);
        routes.put("/readyz", service::readiness);
    }

    /** What one service of a group does not answer out of its own history alone. */
    private void share(
            Instances all,
            RunRoutes runs,
            AlertRoutes alerts,
            Handler<RoutingContext> live,
            AccessControl people,
            Clock clock) {
        Gathering gathering = new Gathering(all);
        LiveRelay relay = new LiveRelay(vertx, all, clock);
        closing = relay::close;
        routes.put("/api/v1/live", ctx -> {
            Person viewer = Guard.person(ctx);
            if (Guard.isPassed(ctx)) {
                live.handle(ctx);
            } else {
                relay.upgrade(ctx, live, () -> people.stillLets(viewer));
            }
        });
        Handler<RoutingContext> alertsInTime = ctx -> alerts.inTime(ctx, Optional.empty());
        gathered("/api/v1/runs", ctx -> runs.gather(ctx, gathering));
        routes.put(
                "/api/v1/alerts",
                ctx -> (Guard.isPassed(ctx) ? alertsInTime : (Handler<RoutingContext>) c -> alerts.gather(c, gathering))
                        .handle(ctx));
        routes.put("/api/v1/runs/:id/alerts", ctx -> alerts.inTime(ctx, Optional.of(ctx.pathParam("id"))));
        mixed("/api/v1/runs/overview", OverviewRoute.MOST_RUNS, gathering, gathering::overview);
        mixed("/api/v1/runs/compare", RunComparison.MOST_RUNS, gathering, gathering::compare);
        mixed("/api/v1/series", RunChoice.MOST, gathering, gathering::series);
        mixed("/api/v1/divergence", 2, gathering, ctx -> gathering.together(ctx, Gathering.named(ctx)));
        String alone =
                "runs that are imported are in no log, so they would be gone when their partition moves to another"
                        + " service; accepted is an import into a service without --group";
        changes.put(
                "/api/v1/runs/import",
                Map.of(HttpMethod.POST, ctx -> ctx.fail(new ApiProblem(409, alone, null, null))));
    }

    /** Asks all owners, unless another service of the group asks. */
    private void gathered(String path, Handler<RoutingContext> all) {
        Handler<RoutingContext> own = routes.get(path);
        routes.put(path, ctx -> (own == null || !Guard.isPassed(ctx) ? all : own).handle(ctx));
    }

    /** Asks several owners where the runs that are named have several, else the one that owns them. */
    private void mixed(String path, int most, Gathering gathering, Handler<RoutingContext> several) {
        Handler<RoutingContext> own = requireNonNull(routes.get(path));
        routes.put(path, ctx -> {
            List<String> named = Gathering.named(ctx);
            if (Guard.isPassed(ctx) || named.isEmpty() || named.size() > most) {
                own.handle(ctx);
            } else if (gathering.isMixed(ctx)) {
                several.handle(ctx);
            } else {
                gathering.one(ctx, named.get(0), own);
            }
        });
    }

    /** Paths of all routes, in the form of OpenAPI: {@code /api/v1/runs/{id}}. */
    public List<String> paths() {
        return Stream.concat(changes.keySet().stream(), routes.keySet().stream())
                .distinct()
                .map(Guard::openApi)
                .toList();
    }

    /** All that can be asked for: {@code GET /api/v1/runs/{id}}. */
    List<String> requests() {
        return Stream.concat(
                        changes.entrySet().stream()
                                .flatMap(route -> route.getValue().keySet().stream()
                                        .map(method -> method + " " + Guard.openApi(route.getKey()))),
                        routes.keySet().stream().map(path -> "GET " + Guard.openApi(path)))
                .sorted()
                .toList();
    }

    /** The router; for the event loop. */
    public Router router() {
        Router router = Router.router(vertx);
        router.route().handler(ApiRouter::headers);
        router.route().handler(ApiRouter::refuseMalformedPaths);
        changes.forEach((path, handlers) -> {
            handlers.forEach((method, handler) -> {
                router.route(method, path).handler(guard.before(method, path));
                ofOwner(path).ifPresent(owner -> router.route(method, path).handler(owner));
                if (readWhole(method, path)) { // others read their bodies as they come
                    router.route(method, path)
                            .handler(BodyHandler.create(false)
                                    .setBodyLimit(path.startsWith(RULES) ? MOST_RULES : MOST_BODY));
                }
                router.route(method, path).handler(handler);
            });
            if (!routes.containsKey(path)) {
                router.route(path).handler(guard::beforeNothing).handler(ctx -> refuse(ctx, path));
            }
        });
        routes.forEach((path, handler) -> {
            router.get(path).handler(guard.before(HttpMethod.GET, path));
            ofOwner(path).ifPresent(owner -> router.get(path).handler(owner));
            router.get(path).handler(handler);
            router.route(path).handler(guard::beforeNothing).handler(ctx -> refuse(ctx, path));
        });
        router.route("/api/*").handler(guard::beforeNothing).handler(ctx -> ctx.fail(404));
        Dashboard.mount(router);
        Problems.install(router);
        return router;
    }

    /** What goes before a route about one run: in a group its owner answers. */
    private Optional<Handler<RoutingContext>> ofOwner(String path) {
        return path.startsWith("/api/v1/runs/:id") ? instances.map(all -> all::route) : Optional.empty();
    }

    private static boolean readWhole(HttpMethod method, String path) {
        return method.equals(HttpMethod.PATCH)
                || method.equals(HttpMethod.PUT)
                || path.startsWith(RULES)
                || path.equals(COMMANDS)
                || (method.equals(HttpMethod.POST) && path.equals(SESSION));
    }

    private void refuse(RoutingContext ctx, String path) {
        String allowed = Stream.concat(
                        routes.containsKey(path) ? Stream.of("GET") : Stream.of(),
                        changes.getOrDefault(path, Map.of()).keySet().stream().map(HttpMethod::name))
                .sorted()
                .collect(Collectors.joining(", "));
        ctx.put(Problems.ALLOWED, allowed).fail(405);
    }

    /** Ends the threads that ask history. */
    public Future<?> close() {
        closing.run();
        return instances
                .<Future<?>>map(Instances::close)
                .orElseGet(Future::succeededFuture)
                .eventually(questions::close);
    }

    /** What looks for files would fail over them. */
    private static void refuseMalformedPaths(RoutingContext ctx) {
        if (MALFORMED.matcher(ctx.request().path()).find()) {
            ctx.fail(400);
        } else {
            ctx.next();
        }
    }

    private static void headers(RoutingContext ctx) {
        ctx.response()
                .putHeader(
                        "Cache-Control", ctx.request().path().startsWith("/webjars/") ? Dashboard.FOR_EVER : "no-cache")
                .putHeader("Content-Security-Policy", CSP)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
        ctx.next();
    }

    private static Buffer resource(String name) {
        try (InputStream in = ApiRouter.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
