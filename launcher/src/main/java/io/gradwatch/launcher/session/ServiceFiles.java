package io.gradwatch.launcher.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradwatch.launcher.terminal.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.LongConsumer;

/** What the running service does with whole runs: files out and in, archiving, deletion. Blocks the caller. */
public final class ServiceFiles {
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BUFFER = 1 << 16;

    private final ServiceClient service;
    private final String api;

    public ServiceFiles(ServiceClient service) {
        this.service = service;
        this.api = service.url() + "/api/v1";
    }

    /**
     * Writes an answer to a file, which has its name only when it is complete and on the disk.
     *
     * @param path below {@code /api/v1}
     * @param progress gets the number of bytes so far, now and then
     * @return bytes of the file
     */
    public long download(String path, Path file, LongConsumer progress) {
        Path absolute = file.toAbsolutePath();
        Path part = absolute.resolveSibling("." + absolute.getFileName() + ".part");
        try {
            HttpResponse<InputStream> response =
                    service.http().send(request(path).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                if (response.statusCode() != 200) {
                    throw problem(response.statusCode(), in.readAllBytes());
                }
                long bytes = write(in, part, progress);
                Files.move(part, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return bytes;
            }
        } catch (IOException e) {
            throw Problem.failure(file + " was not written: " + reason(e) + ". Nothing of it was left");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.failure("Interrupted");
        } finally {
            discard(part);
        }
    }

    private static long write(InputStream in, Path part, LongConsumer progress) throws IOException {
        long bytes = 0;
        try (OutputStream out = Files.newOutputStream(part)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                bytes += n;
                progress.accept(bytes);
            }
        }
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        return bytes;
    }

    /** Sends a file, and gives the answer. */
    public JsonNode upload(String path, Path file) {
        try {
            return ask(
                    request(path).POST(HttpRequest.BodyPublishers.ofFile(file)).build());
        } catch (IOException e) {
            throw Problem.usage(file + " cannot be read: " + reason(e));
        }
    }

    /** Sends a request with a JSON body, and gives the answer. */
    public JsonNode ask(String method, String path, JsonNode body) {
        return ask(request(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body.toString()))
                .build());
    }

    /** The same without a body. */
    public JsonNode ask(String method, String path) {
        return ask(request(path)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build());
    }

    private JsonNode ask(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = service.http().send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() / 100 != 2) {
                throw problem(response.statusCode(), response.body());
            }
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw Problem.failure("What answers at " + api + " is not Gradwatch's service");
        } catch (IOException e) {
            throw Problem.failure("The service at " + api + " does not answer: " + reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.failure("Interrupted while waiting for " + api);
        }
    }

    /** A part of a path or query. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path) {
        return service.request(path).timeout(PATIENCE);
    }

    private static Problem problem(int status, byte[] body) {
        String detail;
        try {
            detail = JSON.readTree(body).path("detail").asText("HTTP status " + status);
        } catch (IOException e) {
            detail = "HTTP status " + status;
        }
        return status / 100 == 4 ? Problem.usage(detail) : Problem.failure(detail);
    }

    private static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("No space left on device") ? "the disk is full (" + message + ")" : message;
    }

    private static void discard(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            // its name says that it is a part
        }
    }
}
