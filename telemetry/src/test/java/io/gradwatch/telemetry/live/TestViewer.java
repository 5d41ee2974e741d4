package io.gradwatch.telemetry.live;

import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A client on a real connection: keeps everything that it gets, and acknowledges frames if told to. */
final class TestViewer {
    final List<JsonObject> messages = new CopyOnWriteArrayList<>();
    final List<Buffer> frames = new CopyOnWriteArrayList<>();
    volatile boolean closed;
    volatile boolean acknowledges;
    volatile Consumer<FrameReader> onFrame = frame -> {};
    volatile Consumer<JsonObject> onMessage = message -> {};
    private final WebSocket socket;

    private TestViewer(WebSocket socket, boolean acknowledges) {
        this.socket = socket;
        this.acknowledges = acknowledges;
        socket.closeHandler(v -> closed = true);
        socket.textMessageHandler(text -> {
            JsonObject message = new JsonObject(text);
            messages.add(message);
            onMessage.accept(message);
        });
        socket.binaryMessageHandler(bytes -> {
            frames.add(bytes);
            FrameReader frame = new FrameReader(bytes);
            onFrame.accept(frame);
            if (this.acknowledges) {
                JsonObject ack = new JsonObject().put("ack", frame.header.getString("run"));
                String replay = frame.header.getString("replay");
                send(replay == null ? ack : ack.put("replay", replay));
            }
        });
        socket.resume();
    }

    static WebSocketClient client(Vertx vertx) {
        return vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxFrameSize(1 << 24)
                .setMaxMessageSize(1 << 24)
                .setMaxConnections(1000));
    }

    static TestViewer open(WebSocketClient client, int port, boolean acknowledges) {
        WebSocketConnectOptions options =
                new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI("/api/v1/live");
        return client.connect(options)
                .map(socket -> {
                    socket.pause();
                    return new TestViewer(socket, acknowledges);
                })
                .await();
    }

    void send(JsonObject message) {
        sendText(message.encode());
    }

    void sendText(String text) {
        socket.writeTextMessage(text).onFailure(e -> {});
    }

    void sendBytes(Buffer bytes) {
        socket.writeBinaryMessage(bytes).onFailure(e -> {});
    }

    void subscribe(String run) {
        send(new JsonObject().put("subscribe", run));
    }

    void subscribe(String run, long from) {
        send(new JsonObject().put("subscribe", run).put("from", from));
    }

    void ack(String run) {
        send(new JsonObject().put("ack", run));
    }

    void close() {
        socket.close().onFailure(e -> {});
    }

    /** Stops reading from the network. */
    void freeze() {
        socket.pause();
    }

    List<FrameReader> read() {
        return frames.stream().map(FrameReader::new).toList();
    }

    /** Iterations of all frames, in the order of their arrival. */
    List<Long> iterations() {
        return read().stream()
                .flatMapToLong(frame ->
                        java.util.Arrays.stream(frame.block("iteration")).mapToLong(d -> (long) d))
                .boxed()
                .toList();
    }

    JsonObject awaitMessage(Predicate<JsonObject> wanted) {
        await().atMost(Duration.ofSeconds(10)).until(() -> messages.stream().anyMatch(wanted));
        return messages.stream().filter(wanted).findFirst().orElseThrow();
    }

    JsonObject awaitMessage(String type) {
        return awaitMessage(m -> m.getString("type").equals(type));
    }

    void awaitFrames(int count) {
        await().atMost(Duration.ofSeconds(10)).until(() -> frames.size() >= count);
    }
}
