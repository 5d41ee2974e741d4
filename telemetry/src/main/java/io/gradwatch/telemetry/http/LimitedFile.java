package io.gradwatch.telemetry.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import org.jspecify.annotations.Nullable;

/** A file that takes only so many bytes: what comes beyond fails. For one thread. */
final class LimitedFile implements WriteStream<Buffer> {
    /** What was written does not fit. */
    static final class TooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooLargeException(long most) {
            super("it has more than " + most + " bytes", null, false, false);
        }
    }

    private final WriteStream<Buffer> file;
    private final long most;
    private long taken;

    LimitedFile(WriteStream<Buffer> file, long most) {
        this.file = file;
        this.most = most;
    }

    @Override
    public Future<Void> write(Buffer data) {
        taken += data.length();
        return taken > most ? Future.failedFuture(new TooLargeException(most)) : file.write(data);
    }

    @Override
    public Future<Void> end() {
        return file.end();
    }

    @Override
    public WriteStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
        file.exceptionHandler(handler);
        return this;
    }

    @Override
    public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
        file.setWriteQueueMaxSize(maxSize);
        return this;
    }

    @Override
    public boolean writeQueueFull() {
        return file.writeQueueFull();
    }

    @Override
    public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
        file.drainHandler(handler);
        return this;
    }
}
