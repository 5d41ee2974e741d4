package io.gradwatch.launcher.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradwatch.launcher.terminal.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Back-tests by the running service. Blocks the caller until the result is there, however long that takes. */
public final class BacktestApi {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ServiceClient service;
    private final String url;

    public BacktestApi(ServiceClient service) {
        this.service = service;
        this.url = service.url();
    }

    /**
     * Judges runs.
     *
     * @param request as {@code POST /rules/backtest} takes it
     * @param progress gets {@code run}, {@code runs} and {@code iterations} now and then
     * @throws Problem the request is refused, or the service has ended
     */
    public JsonNode run(JsonNode request, Consumer<JsonNode> progress) {
        HttpRequest post = service.request("/rules/backtest")
                .header("Content-Type", "application/json")
                .header("Accept", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
                .build();
        try {
            HttpResponse<Stream<String>> response = service.http().send(post, HttpResponse.BodyHandlers.ofLines());
            try (Stream<String> lines = response.body()) {
                return result(response.statusCode(), lines.iterator(), progress);
            }
        } catch (JsonProcessingException e) {
            throw Problem.failure("What answers at " + url + " is not Gradwatch's service");
        } catch (IOException | UncheckedIOException e) {
            throw Problem.failure("The service at " + url + " does not answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.failure("Interrupted while waiting for " + url);
        }
    }

    private JsonNode result(int status, Iterator<String> lines, Consumer<JsonNode> progress)
            throws JsonProcessingException {
        while (lines.hasNext()) {
            JsonNode line = JSON.readTree(lines.next());
            if (status / 100 != 2) {
                throw problem(status, line);
            } else if (line.has("progress")) {
                progress.accept(line.path("progress"));
            } else if (line.has("problem")) {
                throw problem(line.path("problem").path("status").asInt(500), line.path("problem"));
            } else if (line.has("result")) {
                return line.path("result");
            }
        }
        throw Problem.failure("The service at " + url + " has ended before the back-test was done");
    }

    private static Problem problem(int status, JsonNode body) {
        String detail = body.path("detail").asText("HTTP status " + status);
        if (body.has("caret")) {
            detail += "\n" + body.path("caret").asText().indent(2).stripTrailing();
        }
        return status / 100 == 4 ? Problem.usage(detail) : Problem.failure(detail);
    }
}
