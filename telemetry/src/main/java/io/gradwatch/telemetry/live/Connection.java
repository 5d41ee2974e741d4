package io.gradwatch.telemetry.live;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.impl.HttpServerConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket of one viewer. It may be closed at any moment by the other side, on another thread: then nothing here throws,
 * nothing is taken, and the close handler cleans up.
 */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final ServerWebSocket socket;
    private final @Nullable Channel channel;

    /** @param channel what the socket runs on, to end it without the other side's help, where that is known */
    Connection(ServerWebSocket socket, @Nullable Channel channel) {
        this.socket = socket;
        this.channel = channel;
    }

    /** The channel of a request that has not been upgraded yet. */
    static @Nullable Channel channelOf(HttpConnection transport) {
        return transport instanceof HttpServerConnection connection
                ? connection.channelHandlerContext().channel()
                : null;
    }

    boolean isClosed() {
        return socket.isClosed();
    }

    /** Whether what is written now goes out soon. */
    boolean canTake() {
        try {
            return !socket.isClosed() && !socket.writeQueueFull();
        } catch (IllegalStateException closedMeanwhile) {
            return false;
        }
    }

    void send(Buffer frame) {
        write(() -> socket.writeBinaryMessage(frame));
    }

    void send(String text) {
        write(() -> socket.writeTextMessage(text));
    }

    /** Reads nothing more from the other side until {@link #resume}. */
    void pause() {
        quietly(socket::pause);
    }

    void resume() {
        quietly(socket::resume);
    }

    /** Says goodbye with a code of RFC 6455 and a reason. */
    void close(int code, String reason) {
        write(() -> socket.close((short) code, reason));
    }

    /**
     * Ends the connection at once, for a side that does not take a goodbye either. Vert.x closes only after what is queued
     * has gone out, which here it never does: hence past its handlers, on the channel itself.
     */
    void cut() {
        if (channel == null) {
            close(1001, "");
        } else {
            channel.eventLoop()
                    .execute(() -> channel.unsafe().close(channel.unsafe().voidPromise()));
        }
    }

    private interface Write {
        Future<Void> start();
    }

    private static void write(Write write) {
        quietly(() -> write.start().onFailure(e -> LOG.trace("a write to a viewer failed", e)));
    }

    private static void quietly(Runnable action) {
        try {
            action.run();
        } catch (IllegalStateException closedMeanwhile) {
            LOG.trace("a viewer has gone", closedMeanwhile);
        }
    }
}
