package io.gradwatch.launcher.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradwatch.launcher.terminal.Problem;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The running service's HTTP API. Blocks the caller, for ten seconds a request at most. */
public final class ServiceApi {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ServiceClient service;
    private final String url;

    public ServiceApi(ServiceClient service) {
        this.service = service;
        this.url = service.url();
    }

    /** All runs, newest first. */
    public List<JsonNode> runs() {
        return runs("", "", Integer.MAX_VALUE);
    }

    /**
     * Runs that a query finds.
     *
     * @param query in the language of docs/query.md; empty for all
     * @param sort names of fields; empty for the newest first
     * @param most how many at most
     * @throws Problem one of them cannot be read
     */
    public List<JsonNode> runs(String query, String sort, int most) {
        String asked = "/runs?limit=" + Math.min(most, 500) + (query.isEmpty() ? "" : "&q=" + encoded(query))
                + (sort.isEmpty() ? "" : "&sort=" + encoded(sort));
        List<JsonNode> runs = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = get(asked + (cursor.isEmpty() ? "" : "&cursor=" + encoded(cursor)));
            page.path("items").forEach(runs::add);
            cursor = page.path("next").asText("");
            if (page.path("next").isNull()) {
                cursor = "";
            }
        } while (!cursor.isEmpty() && runs.size() < most);
        return runs.subList(0, Math.min(runs.size(), most));
    }

    /**
     * One run.
     *
     * @throws Problem there is none with this id
     */
    public JsonNode run(String id) {
        return get("/runs/" + encoded(id));
    }

    /**
     * Changes a run.
     *
     * @param change fields as {@code PATCH /runs/{id}} has them
     * @return the run as it is now, or an object with {@code status} "accepted" when that is not known yet
     * @throws Problem there is no such run, or the change is refused
     */
    public JsonNode change(String id, JsonNode change) {
        return send(request("/runs/" + encoded(id))
                .header("Content-Type", "application/json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(change.toString()))
                .build());
    }

    /**
     * Tells a run's trainer what to do.
     *
     * @param command fields as {@code POST /runs/{id}/commands} has them
     * @return the command as it was sent
     * @throws Problem there is no such run, it has ended, or the command is refused
     */
    public JsonNode command(String id, JsonNode command) {
        return send(request("/runs/" + encoded(id) + "/commands")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(command.toString()))
                .build());
    }

    /** The commands to a run, newest first. */
    public List<JsonNode> commands(String id) {
        List<JsonNode> commands = new ArrayList<>();
        get("/runs/" + encoded(id) + "/commands").path("items").forEach(commands::add);
        return commands;
    }

    /** Parameters and results of runs beside each other; only what differs, unless {@code all}. */
    public JsonNode comparison(List<String> ids, boolean all) {
        return get("/runs/compare?all=" + all + "&runs="
                + String.join(",", ids.stream().map(ServiceApi::encoded).toList()));
    }

    /** The alert rules, and how it is with their file. */
    public JsonNode rules() {
        return get("/rules");
    }

    /** How the service does. */
    public JsonNode status() {
        return get("/status");
    }

    private JsonNode get(String path) {
        return send(request(path).build());
    }

    private HttpRequest.Builder request(String path) {
        return service.request(path).timeout(PATIENCE).header("Accept", "application/json");
    }

    private JsonNode send(HttpRequest request) {
        try {
            HttpResponse<String> response = service.http().send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode body = JSON.readTree(response.body());
            if (response.statusCode() / 100 != 2) {
                String detail = body.path("detail").asText("HTTP status " + response.statusCode());
                if (body.has("caret")) {
                    detail += "\n" + body.path("caret").asText().indent(2).stripTrailing();
                }
                throw response.statusCode() / 100 == 4 ? Problem.usage(detail) : Problem.failure(detail);
            }
            return body;
        } catch (JsonProcessingException e) {
            throw Problem.failure("What answers at " + url + " is not Gradwatch's service");
        } catch (IOException e) {
            throw Problem.failure("The service at " + url + " does not answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.failure("Interrupted while waiting for " + url);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
