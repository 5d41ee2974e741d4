package io.gradwatch.telemetry.republish;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.v1.Envelope;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/** What the service's history has of a run, page by page ({@code GET /runs/{id}/records}). For one thread. */
final class HistoryRecords {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final String url;

    /** @param url of the dashboard */
    HistoryRecords(String url) {
        this.url = url.replaceAll("/+$", "") + "/api/v1/runs/";
    }

    /** Whether the service knows a run. */
    boolean knows(String runId) throws IOException {
        return get(runId, "").statusCode() == 200;
    }

    /**
     * Records of a topic, in their order.
     *
     * @param before of iterations: only those with a smaller sequence number
     */
    Iterator<Stored> read(String runId, Topic topic, long before) {
        String table = topic.topicName().substring(topic.topicName().indexOf('.') + 1);
        return new Iterator<>() {
            private final ArrayDeque<Stored> page = new ArrayDeque<>();
            private Optional<String> next = Optional.of("0");

            @Override
            public boolean hasNext() {
                while (page.isEmpty() && next.isPresent()) {
                    load();
                }
                return !page.isEmpty();
            }

            @Override
            public Stored next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return page.removeFirst();
            }

            private void load() {
                try {
                    HttpResponse<byte[]> answer =
                            get(runId, "/records?table=" + table + "&from=" + next.orElseThrow() + "&before=" + before);
                    if (answer.statusCode() == 404) {
                        throw new RepublishException("there is no run \"" + runId
                                + "\"; accepted is the id of one, as 'gradwatch runs list' prints it");
                    }
                    if (answer.statusCode() != 200) {
                        throw new RepublishException("the service does not give the records of " + runId + " (HTTP "
                                + answer.statusCode() + ")");
                    }
                    ByteArrayInputStream in = new ByteArrayInputStream(answer.body());
                    for (Envelope e = Envelope.parseDelimitedFrom(in); e != null; e = Envelope.parseDelimitedFrom(in)) {
                        page.addLast(Stored.of(topic, e));
                    }
                    next = answer.headers().firstValue("Gradwatch-Next");
                } catch (IOException e) {
                    throw new RepublishException("the service does not answer: " + e, e);
                }
            }
        };
    }

    private HttpResponse<byte[]> get(String runId, String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + runId + path))
                .timeout(PATIENCE)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
