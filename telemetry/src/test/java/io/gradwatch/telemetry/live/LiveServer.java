package io.gradwatch.telemetry.live;

import io.gradwatch.telemetry.stream.IterationRecord;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The hub as the service mounts it, on a free port. */
final class LiveServer implements AutoCloseable {
    final Vertx vertx = Vertx.vertx();
    final FakeHistory history;
    final WebSocketClient client = TestViewer.client(vertx);
    private final Mount mount;

    LiveServer(Limits limits, int slowestHistoryMs) {
        this(limits, ReplayLimits.STANDARD, slowestHistoryMs);
    }

    LiveServer(Limits limits, ReplayLimits replayLimits, int slowestHistoryMs) {
        history = new FakeHistory(vertx, slowestHistoryMs);
        mount = new Mount(history, limits, replayLimits);
        vertx.deployVerticle(mount).await();
    }

    LiveServer() {
        this(Limits.STANDARD, 5);
    }

    LiveHub hub() {
        LiveHub hub = mount.hub;
        if (hub == null) {
            throw new IllegalStateException("not started");
        }
        return hub;
    }

    int port() {
        HttpServer server = mount.server;
        return server == null ? -1 : server.actualPort();
    }

    /** Commits to history and publishes, as ingest does. */
    void publish(List<IterationRecord> records) {
        history.commit(records);
        hub().publish(records);
    }

    TestViewer viewer() {
        return TestViewer.open(client, port(), true);
    }

    /** A viewer that never acknowledges by itself. */
    TestViewer stalledViewer() {
        return TestViewer.open(client, port(), false);
    }

    @Override
    public void close() {
        hub().close().await();
        vertx.close().await();
    }

    private static final class Mount extends VerticleBase {
        private final Backfill backfill;
        private final Limits limits;
        private final ReplayLimits replayLimits;
        volatile @Nullable LiveHub hub;
        volatile @Nullable HttpServer server;

        Mount(Backfill backfill, Limits limits, ReplayLimits replayLimits) {
            this.replayLimits = replayLimits;
            this.backfill = backfill;
            this.limits = limits;
        }

        @Override
        public Future<?> start() {
            LiveHub live =
                    new LiveHub(vertx, backfill, Origins::isOwn, limits, replayLimits, age -> {}, Clock.systemUTC());
            hub = live;
            Router router = Router.router(vertx);
            router.get("/api/v1/live").handler(ctx -> live.upgrade(ctx.request()));
            return vertx.createHttpServer(LiveHub.configure(new HttpServerOptions()))
                    .requestHandler(router)
                    .listen(0, "127.0.0.1")
                    .onSuccess(s -> server = s);
        }
    }
}
