package io.gradwatch.telemetry.live;

import io.gradwatch.telemetry.stream.IterationRecord;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Everything live: takes what ingest has read and hands it to all viewers. Every public method may be called from any
 * thread and returns at once.
 *
 * <p>To mount it: {@code new HttpServer(LiveHub.configure(new HttpServerOptions()))} and {@code
 * router.get("/api/v1/live").handler(ctx -> hub.upgrade(ctx.request()))}, before any handler that reads bodies. Create the
 * hub on the context of the verticle that owns the HTTP server: it then needs no hand-over between threads.
 */
public final class LiveHub {
    /** Newest records of every run that are kept in memory. */
    public static final int RING_RECORDS = 1024;

    /** After so long without a record and without a viewer a run's records leave the memory. */
    public static final int IDLE_SECONDS = 60;

    /** API draft. */
    public LiveHub(Vertx vertx, Backfill backfill) {
        if (vertx == null || backfill == null) throw new IllegalArgumentException();
    }

    /** Sets what the hub needs of the HTTP server: no WebSocket compression, limits on what clients may send. */
    public static HttpServerOptions configure(HttpServerOptions options) {
        return options.setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setMaxWebSocketFrameSize(65_536)
                .setMaxWebSocketMessageSize(65_536);
    }

    /** Makes the request a WebSocket and serves it until it is closed; answers problem+json when it is none. */
    public void upgrade(HttpServerRequest request) {
        throw new UnsupportedOperationException(request.uri());
    }

    /**
     * New records, in the order of the log for every run. A record that its run has already seen (by {@code seq}) is
     * skipped, so a batch may be published again after a failure.
     */
    public void publish(List<IterationRecord> records) {}

    /**
     * The run changed: goes to its viewers and to those of all runs, at most once a second for a run (the newest wins and
     * none is the last for ever). Call it as often as convenient.
     *
     * @param run as {@code GET /runs/{id}}; must not be changed afterwards
     */
    public void runChanged(String runId, JsonObject run) {}

    /** An epoch ended. @param epoch an item of {@code GET /runs/{id}/epochs}; must not be changed afterwards */
    public void epoch(String runId, JsonObject epoch) {}

    /** An alert changed its state. @param alert an item of {@code GET /alerts}; must not be changed afterwards */
    public void alert(String runId, JsonObject alert) {}

    /** Open connections. */
    public int viewers() {
        return 0;
    }

    /** Closes all connections (code 1001, going away) and stops all timers. */
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
