package io.gradwatch.benchmarks.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** A viewer without a browser: follows runs over the live stream and takes every frame at once. Any thread. */
final class Viewer implements AutoCloseable, WebSocket.Listener {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Latencies latencies;
    private final AtomicLong frames = new AtomicLong();
    private final AtomicLong conflated = new AtomicLong();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final WebSocket socket;

    private Viewer(HttpClient client, String url, Latencies latencies) {
        this.latencies = latencies;
        URI live = URI.create(url.replaceFirst("^http", "ws") + "/api/v1/live");
        this.socket = client.newWebSocketBuilder().buildAsync(live, this).join();
    }

    /** @param latencies told how old the newest point of each frame was, by its producer's stamp */
    static Viewer of(HttpClient client, String url, Iterable<String> runs, Latencies latencies) {
        Viewer viewer = new Viewer(client, url, latencies);
        for (String run : runs) {
            viewer.socket.sendText("{\"subscribe\":\"" + run + "\"}", true).join();
        }
        return viewer;
    }

    /** Frames taken so far. */
    long frames() {
        return frames.get();
    }

    /** Of them, those that stand for several iterations because this viewer was too slow. */
    long conflated() {
        return conflated.get();
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] piece = new byte[data.remaining()];
        data.get(piece);
        message.writeBytes(piece);
        if (last) {
            take(from, message.toByteArray());
            message.reset();
        }
        from.request(1);
        return java.util.concurrent.CompletableFuture.completedFuture(null);
    }

    private void take(WebSocket from, byte[] frame) {
        JsonNode header;
        try {
            int length = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
            header = JSON.readTree(new String(frame, 8, length, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("unreadable frame", e);
        }
        frames.incrementAndGet();
        if (header.get("conflated").asBoolean()) {
            conflated.incrementAndGet();
        }
        if (header.get("source").asText().equals("live")) {
            latencies.add(System.currentTimeMillis() - header.get("producedAt").asLong());
        }
        var unused = from.sendText("{\"ack\":\"" + header.get("run").asText() + "\"}", true);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
