package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.access.AccessControl;
import io.gradwatch.telemetry.access.Pass;
import io.gradwatch.telemetry.group.Member;
import io.gradwatch.telemetry.group.Ownership;
import io.gradwatch.telemetry.group.Route;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.RoutingContext;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyOptions;
import io.vertx.httpproxy.ProxyResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services of a group, seen from one of them: hands a request about a run to its owner, and asks owners for what is gathered
 * from all. For the event loop.
 */
public final class Instances {
    private static final Logger LOG = LoggerFactory.getLogger(Instances.class);
    private static final int CONNECT_MS = 2_000;
    private static final long IDLE_MS = 30_000;
    private static final long LONG_IDLE_MS = 600_000;
    private static final int MOST_CONNECTIONS = 64;
    private static final int MOST_SOCKETS = 10_000;
    private static final int RETRY_SECONDS = 2;

    /** What one service says to the other about the client stays between those two. */
    private static final Set<String> KEPT_BACK =
            Set.of("Authorization", "Cookie", "Origin", "X-Forwarded-For", "X-Forwarded-Proto", Guard.PASS);

    private final Ownership ownership;
    private final String group;
    private final String url;
    private final int sessionSeconds;
    private final AccessControl people;
    private final HttpClient client;
    private final WebSocketClient sockets;

    /**
     * @param url where the others reach this service
     * @param sessionSeconds after so long without a sign of life of a service others take over
     * @param certificate of this service, PEM: the others' are trusted if they are, or are signed by, one of this file; empty:
     *     the Java runtime decides
     */
    public Instances(
            Vertx vertx,
            Ownership ownership,
            String group,
            String url,
            int sessionSeconds,
            Optional<Path> certificate,
            AccessControl people) {
        this.ownership = ownership;
        this.group = group;
        this.url = url;
        this.sessionSeconds = sessionSeconds;
        this.people = people;
        HttpClientOptions options = new HttpClientOptions().setDecompressionSupported(false);
        WebSocketClientOptions socketOptions = new WebSocketClientOptions()
                .setMaxFrameSize(8 << 20)
                .setMaxMessageSize(8 << 20)
                .setMaxConnections(MOST_SOCKETS);
        trust(options, certificate);
        trust(socketOptions, certificate);
        this.client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
        this.sockets = vertx.createWebSocketClient(socketOptions);
    }

    private static void trust(ClientOptionsBase options, Optional<Path> certificate) {
        options.setConnectTimeout(CONNECT_MS);
        certificate.ifPresent(file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    }

    String group() {
        return group;
    }

    Ownership ownership() {
        return ownership;
    }

    /** Where this service itself is reached. */
    String url() {
        return url;
    }

    /** How long it takes, in seconds, until others take over from a service that is gone. */
    int sessionSeconds() {
        return sessionSeconds;
    }

    /** Before a route about one run: goes on here where this service owns it, else its owner answers. */
    void route(RoutingContext ctx) {
        route(ctx, ownership.route(ctx.pathParam("id")));
    }

    void route(RoutingContext ctx, Route route) {
        if (route instanceof Route.Here) {
            ctx.next();
        } else if (route instanceof Route.There there && !Guard.isPassed(ctx)) {
            handOn(ctx, there.owner());
        } else if (route instanceof Route.Nowhere nowhere) {
            throw unavailable(ctx, nowhere.why(), nowhere.retrySeconds());
        } else {
            throw unavailable(ctx, "the run has just moved to another service", 1);
        }
    }

    /** The answer that nobody can be asked at the moment. */
    static ApiProblem unavailable(RoutingContext ctx, String why, int retrySeconds) {
        ctx.response().putHeader("Retry-After", Integer.toString(retrySeconds));
        return new ApiProblem(503, why + "; ask again in " + retrySeconds + " s", null, null);
    }

    private String unreachable(String owner) {
        return "the service at " + owner
                + ", which owns this, does not answer. If it stays away, others take over within " + sessionSeconds
                + " s, and can be asked when they have read its part of the log";
    }

    private void handOn(RoutingContext ctx, Member owner) {
        Guard.handOn(ctx);
        String pass = pass(ctx, ctx.request().method(), ctx.request().uri());
        ctx.response().headers().clear(); // the owner's come in their place
        HttpProxy.reverseProxy(new ProxyOptions().setSupportWebSocket(false), client)
                .origin(proxied -> client.request(target(owner.url(), "").setIdleTimeout(patienceMs(ctx))))
                .addInterceptor(new ProxyInterceptor() {
                    @Override
                    public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
                        KEPT_BACK.forEach(name -> context.request().headers().remove(name));
                        context.request().putHeader(Guard.PASS, pass);
                        return context.sendRequest().recover(problem -> {
                            LOG.debug("{} does not answer", owner.url(), problem);
                            return Future.succeededFuture(refusal(context, unreachable(owner.url())));
                        });
                    }
                })
                .handle(ctx.request());
    }

    /** What writes files first says nothing for long. */
    private static long patienceMs(RoutingContext ctx) {
        boolean quick = ctx.request().method().equals(HttpMethod.GET)
                && !ctx.request().path().endsWith("/export");
        return quick ? IDLE_MS : LONG_IDLE_MS;
    }

    private static ProxyResponse refusal(ProxyContext context, String why) {
        JsonObject problem = new ApiProblem(503, why + "; ask again in " + RETRY_SECONDS + " s", null, null).toJson();
        return context.request()
                .release()
                .response()
                .setStatusCode(503)
                .putHeader("Content-Type", ApiProblem.MEDIA_TYPE)
                .putHeader("Retry-After", Integer.toString(RETRY_SECONDS))
                .setBody(Body.body(problem.toBuffer()));
    }

    private String pass(RoutingContext ctx, HttpMethod method, String target) {
        return people.pass(new Pass(Guard.person(ctx), Guard.address(ctx.request())), Guard.signed(method, target));
    }

    private static RequestOptions target(String url, String target) {
        return new RequestOptions().setAbsoluteURI(url + target);
    }

    /** An answer of another service. */
    record Told(int status, String mediaType, Buffer body) {}

    /**
     * Asks a service, this one not excluded, on behalf of whoever asks here.
     *
     * @param target path and query
     * @return fails with a problem when it does not answer, or answers that it cannot
     */
    Future<Told> ask(RoutingContext ctx, HttpMethod method, String url, String target, Buffer body, String... headers) {
        RequestOptions options = target(url, target).setMethod(method).setIdleTimeout(IDLE_MS);
        options.putHeader(Guard.PASS, pass(ctx, method, target));
        for (int i = 0; i < headers.length; i += 2) {
            options.putHeader(headers[i], headers[i + 1]);
        }
        return client.request(options)
                .compose(request -> request.send(body))
                .compose(response -> response.body().map(read -> told(response, read)))
                .recover(problem -> {
                    LOG.debug("{} does not answer", url, problem);
                    return Future.failedFuture(unavailable(ctx, unreachable(url), RETRY_SECONDS));
                })
                .compose(told -> told.status() == 503
                        ? Future.failedFuture(unavailable(ctx, detail(told.body()), RETRY_SECONDS))
                        : Future.succeededFuture(told));
    }

    Future<Told> ask(RoutingContext ctx, String url, String target, String... headers) {
        return ask(ctx, HttpMethod.GET, url, target, Buffer.buffer(), headers);
    }

    private static Told told(HttpClientResponse response, Buffer body) {
        String type = response.getHeader("Content-Type");
        return new Told(response.statusCode(), type == null ? "" : type, body);
    }

    private static String detail(Buffer body) {
        try {
            return body.toJsonObject().getString("detail", "a service of the group cannot answer");
        } catch (RuntimeException e) {
            return "a service of the group cannot answer";
        }
    }

    /** A live connection to a service, on behalf of whoever asks here. */
    Future<WebSocket> live(Pass whose, String url, String target) {
        return sockets.connect(new WebSocketConnectOptions()
                .setAbsoluteURI(url.replaceFirst("^http", "ws") + target)
                .putHeader(Guard.PASS, people.pass(whose, Guard.signed(HttpMethod.GET, target))));
    }

    /** A number about the group, for {@code /metrics}. */
    record Gauge(String name, String help, DoubleSupplier value) {}

    List<Gauge> gauges() {
        return List.of(
                new Gauge(
                        "gradwatch_group_members",
                        "Services that share the work, as this one knows.",
                        () -> ownership.view().members().size()),
                new Gauge("gradwatch_group_partitions", "Partitions of each topic.", () -> ownership.partitions()),
                new Gauge(
                        "gradwatch_group_partitions_owned",
                        "Those of them that this service owns.",
                        () -> ownership.owned().size()),
                new Gauge(
                        "gradwatch_group_partitions_catching_up",
                        "Those that it owns and has not read up to their end yet.",
                        () -> ownership.catchingUp().size()));
    }

    /** How the group stands, for {@code GET /status}. */
    JsonObject status() {
        JsonArray members = new JsonArray();
        for (Member member : ownership.view().members()) {
            members.add(new JsonObject()
                    .put("id", member.id())
                    .put("url", member.url())
                    .put("partitions", numbers(member.partitions())));
        }
        return new JsonObject()
                .put("name", group)
                .put("id", ownership.id())
                .put("url", url)
                .put("partitions", ownership.partitions())
                .put("owned", numbers(ownership.owned()))
                .put("catchingUp", numbers(ownership.catchingUp()))
                .put("members", members);
    }

    private static JsonArray numbers(Set<Integer> numbers) {
        JsonArray array = new JsonArray();
        numbers.stream().sorted().forEach(array::add);
        return array;
    }

    /** Partitions of all topics by the address of the service that answers for them; or why there is none for one. */
    TreeMap<String, Set<Integer>> owners(RoutingContext ctx) {
        TreeMap<String, Set<Integer>> owners = new TreeMap<>();
        int partitions = ownership.partitions();
        if (partitions == 0) {
            throw unavailable(ctx, "this service is joining its group", RETRY_SECONDS);
        }
        for (int partition = 0; partition < partitions; partition++) {
            Route route = ownership.route(partition);
            if (route instanceof Route.Nowhere nowhere) {
                throw unavailable(ctx, nowhere.why(), nowhere.retrySeconds());
            }
            String owner = route instanceof Route.There there ? there.owner().url() : url;
            owners.computeIfAbsent(owner, u -> new java.util.TreeSet<>()).add(partition);
        }
        return owners;
    }

    /** The address of the service that answers for a run. */
    String owner(RoutingContext ctx, String runId) {
        Route route = ownership.route(runId);
        if (route instanceof Route.Nowhere nowhere) {
            throw unavailable(ctx, nowhere.why(), nowhere.retrySeconds());
        }
        return route instanceof Route.There there ? there.owner().url() : url;
    }

    Future<?> close() {
        return Future.join(client.close(), sockets.close());
    }
}
