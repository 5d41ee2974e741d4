package io.gradwatch.telemetry.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A response's body as a stream for a worker, which waits until each piece has left: a slow client costs no memory. */
final class ResponseStream extends OutputStream {
    private static final int PIECE = 1 << 17;
    private static final long PATIENCE_SECONDS = 60;

    private final Context loop;
    private final HttpServerResponse response;
    private final Runnable head;
    private Buffer piece = Buffer.buffer(PIECE);
    private boolean begun;

    /**
     * @param head sets the headers; called before the first byte, so that what fails before it can be told
     */
    ResponseStream(Context loop, HttpServerResponse response, Runnable head) {
        this.loop = loop;
        this.response = response;
        this.head = head;
    }

    @Override
    public void write(int b) throws IOException {
        piece.appendByte((byte) b);
        leaveIfFull();
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        piece.appendBytes(bytes, from, length);
        leaveIfFull();
    }

    private void leaveIfFull() throws IOException {
        if (piece.length() >= PIECE) {
            flush();
        }
    }

    @Override
    public void flush() throws IOException {
        if (!begun) {
            begun = true;
            head.run();
        }
        if (piece.length() > 0) {
            Buffer full = piece;
            piece = Buffer.buffer(PIECE);
            send(full);
        }
    }

    private void send(Buffer bytes) throws IOException {
        CompletableFuture<Void> left = new CompletableFuture<>();
        loop.runOnContext(v -> {
            if (response.closed()) {
                left.completeExceptionally(new IOException("the client has gone"));
            } else {
                response.write(bytes).onSuccess(left::complete).onFailure(left::completeExceptionally);
            }
        });
        try {
            left.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the client does not take the answer", e);
        }
    }
}
