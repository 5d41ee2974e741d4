package io.gradwatch.telemetry.http;

import io.gradwatch.contract.v1.AuditRecord;
import io.gradwatch.telemetry.access.AccessControl;
import io.gradwatch.telemetry.audit.AuditReader;
import io.gradwatch.telemetry.control.CommandLog;
import io.gradwatch.telemetry.history.Counters;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.StoredRun;
import io.gradwatch.telemetry.ingest.AnnotationLog;
import io.gradwatch.telemetry.ingest.IngestStatus;
import io.gradwatch.telemetry.ingest.KafkaSettings;
import io.gradwatch.telemetry.lifecycle.RunLifecycle;
import io.gradwatch.telemetry.live.LiveHub;
import io.gradwatch.telemetry.metrics.ServiceMetrics;
import io.gradwatch.telemetry.notify.NotificationSettings;
import io.gradwatch.telemetry.notify.Notifier;
import io.gradwatch.telemetry.rulefile.RulesInForce;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The API over a history in a directory, on a free port, and a client for it. */
final class ApiServer implements AutoCloseable {
    final History history;
    final ApiRouter api;
    final Notifier notifier;
    final RulesInForce rules;
    volatile IngestStatus ingest = new IngestStatus(true, true, 3, new Counters(10, 7, 2, 1, 1_795_449_912_345L));
    final List<StoredRun> adopted = new CopyOnWriteArrayList<>();
    /** Stands for Kafka and ingest; refuses until a test says otherwise. */
    volatile AnnotationLog annotations =
            (runId, attempt, annotation) -> CompletableFuture.failedFuture(new IllegalStateException("no Kafka"));

    /** Stands for Kafka; refuses until a test says otherwise. */
    volatile CommandLog commands =
            (runId, attempt, command) -> CompletableFuture.failedFuture(new IllegalStateException("no Kafka"));

    /** What was recorded of what was asked for. */
    final List<AuditRecord> audited = new CopyOnWriteArrayList<>();

    /** Stands for Kafka; has nothing until a test says otherwise. */
    volatile AuditReader auditRecords = (place, most) -> new AuditReader.Page(List.of(), Optional.empty());

    private final Vertx vertx = Vertx.vertx();
    private final LiveHub hub;
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    ApiServer(Path directory) throws Exception {
        this(directory, null);
    }

    ApiServer(Path directory, @Nullable String launcher) throws Exception {
        this(directory, launcher, AccessControl.open(Clock.systemUTC()));
    }

    ApiServer(Path directory, @Nullable String launcher, AccessControl people) throws Exception {
        history = History.open(directory, Clock.systemUTC());
        rules = RulesInForce.open(directory, null, Clock.systemUTC());
        HistoryAccess access = new HistoryAccess(vertx, history);
        ServiceMetrics metrics = new ServiceMetrics(Optional.empty());
        hub = new LiveHub(vertx, access, metrics::frameSent);
        notifier = Notifier.of(
                NotificationSettings.of(directory, Map.of()),
                directory,
                () -> {
                    throw new IllegalStateException("no Kafka");
                },
                id -> Optional.empty(),
                Clock.systemUTC());
        api = new ApiRouter(
                vertx,
                history,
                hub,
                access,
                rules,
                () -> ingest,
                RunLifecycle.of(
                        history,
                        directory.resolve("data"),
                        KafkaSettings.of("127.0.0.1:1", null),
                        adopted::add,
                        Clock.systemUTC()),
                (runId, attempt, annotation) -> annotations.append(runId, attempt, annotation),
                notifier,
                (runId, attempt, command) -> commands.append(runId, attempt, command),
                Optional.ofNullable(launcher),
                "broker:9092",
                people,
                (runId, record) -> audited.add(record),
                (place, most) -> auditRecords.before(place, most),
                metrics,
                Optional.empty(),
                Clock.systemUTC());
        server = vertx.createHttpServer(
                        LiveHub.configure(new HttpServerOptions().setPort(0).setHost("127.0.0.1")))
                .requestHandler(api.router())
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        return send("GET", path, headers);
    }

    HttpResponse<String> send(String method, String path, String... headers) throws Exception {
        return client.send(request(method, path, headers), HttpResponse.BodyHandlers.ofString());
    }

    /** Takes the imported runs away again: other tests count runs. */
    void forgetImports() {
        adopted.forEach(run -> history.writer().deleteRun(run.runKey()));
        history.writer().commit(List.of(), history.writer().counters());
        adopted.clear();
    }

    HttpResponse<String> post(String path, byte[] body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String body, String mediaType) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", mediaType)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> patch(String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .method("PATCH", HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> body(String method, String path, String body, String type) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", type)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<byte[]> bytes(String path, String... headers) throws Exception {
        return client.send(request("GET", path, headers), HttpResponse.BodyHandlers.ofByteArray());
    }

    JsonObject json(String path) throws Exception {
        HttpResponse<String> response = get(path);
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return new JsonObject(response.body());
    }

    List<JsonObject> items(String path) throws Exception {
        return json(path).getJsonArray("items").stream()
                .map(o -> (JsonObject) o)
                .toList();
    }

    int port() {
        return server.actualPort();
    }

    private HttpRequest request(String method, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    @Override
    public void close() throws Exception {
        hub.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        history.close();
    }
}
