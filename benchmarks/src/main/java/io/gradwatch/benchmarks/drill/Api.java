package io.gradwatch.benchmarks.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The service's HTTP API. Any thread. */
final class Api {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String url;

    Api(String url) {
        this.url = url;
    }

    String url() {
        return url;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(60))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Body of a page that must be there. */
    String text(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(path);
        if (response.statusCode() != 200) {
            throw new IOException(path + " answered " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    JsonNode json(String path) throws IOException, InterruptedException {
        return JSON.readTree(text(path));
    }

    boolean isReady() throws IOException, InterruptedException {
        return get("/readyz").statusCode() == 200;
    }

    JsonNode run(String id) throws IOException, InterruptedException {
        return json("/api/v1/runs/" + id);
    }

    /** Ids of the newest runs. */
    List<String> runs() throws IOException, InterruptedException {
        List<String> ids = new ArrayList<>();
        json("/api/v1/runs?limit=100")
                .get("items")
                .forEach(run -> ids.add(run.get("id").asText()));
        return ids;
    }

    /** All rows of a run, those of all attempts. */
    List<Row> rows(String id) throws IOException, InterruptedException {
        return Csv.rows(text("/api/v1/runs/" + id + "/export?table=iterations&format=csv"));
    }

    /** The value of a metric without labels; of one with labels the sum over those that begin so. */
    double metric(String beginning) throws IOException, InterruptedException {
        return text("/metrics")
                .lines()
                .filter(line -> line.startsWith(beginning))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
