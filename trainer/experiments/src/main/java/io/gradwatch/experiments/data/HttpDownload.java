package io.gradwatch.experiments.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.OptionalLong;

/** Fetches a file over HTTP and goes on where an earlier attempt stopped, in this process or before it. */
final class HttpDownload {
    private static final int ATTEMPTS = 3;
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int OK = 200;
    private static final int PARTIAL_CONTENT = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(Duration.ofSeconds(15))
            .build();
    private final TransferProgress progress;

    HttpDownload(TransferProgress progress) {
        this.progress = progress;
    }

    /**
     * Downloads {@code from} into {@code to}; what {@code to} holds already is taken for the file's beginning.
     *
     * @throws UnreachableException if no connection came about
     * @throws DataException if the server refuses, or the connection breaks again and again: what came is kept
     */
    void fetch(URI from, Path to) throws IOException {
        try (FileChannel file = FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(file, to)) {
            for (int attempt = 1; ; attempt++) {
                try {
                    fetchRest(from, file);
                    return;
                } catch (DataException e) {
                    throw e;
                } catch (ConnectException | HttpConnectTimeoutException e) {
                    throw new UnreachableException(from, e);
                } catch (IOException e) {
                    if (attempt == ATTEMPTS) {
                        throw new DataException(
                                from + ": the connection broke off after " + file.size() + " bytes (" + e.getMessage()
                                        + "). They are kept: run the command again to go on from there",
                                e);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataException(from + ": the download was interrupted; run the command again to go on", e);
        }
    }

    private static FileLock lock(FileChannel file, Path path) throws IOException {
        FileLock lock;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new DataException(path + " is being written by another download: wait for it, or end it");
        }
        return lock;
    }

    private void fetchRest(URI from, FileChannel file) throws IOException, InterruptedException {
        long have = file.size();
        HttpRequest.Builder request = HttpRequest.newBuilder(from).header("User-Agent", "gradwatch");
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
        }
        HttpResponse<InputStream> response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            switch (response.statusCode()) {
                case OK -> have = 0;
                case PARTIAL_CONTENT -> {}
                case RANGE_NOT_SATISFIABLE -> {
                    return; // nothing beyond what is here: the check sum decides
                }
                default ->
                    throw new DataException(response.uri() + " answers with HTTP status " + response.statusCode()
                            + ": accepted is 200");
            }
            OptionalLong length = response.headers().firstValueAsLong("Content-Length");
            long total = length.isPresent() ? have + length.getAsLong() : -1;
            file.truncate(have);
            file.position(have);
            copy(body, file, total);
        }
    }

    private void copy(InputStream body, FileChannel file, long total) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        progress.received(file.position(), total);
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            progress.received(file.position(), total);
        }
    }

    /** There was no connection at all. */
    static final class UnreachableException extends IOException {
        UnreachableException(URI address, IOException cause) {
            super(address + " cannot be reached (" + reason(address, cause) + ")", cause);
        }

        /** The client hides why, where the reason is the name. */
        private static String reason(URI address, IOException cause) {
            for (Throwable t = cause; t != null; t = t.getCause()) {
                if (t instanceof UnresolvedAddressException) {
                    return "the host name " + address.getHost() + " is not known";
                }
            }
            return cause.getMessage() == null ? cause.toString() : cause.getMessage();
        }
    }
}
