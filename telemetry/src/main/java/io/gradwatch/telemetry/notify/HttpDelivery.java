package io.gradwatch.telemetry.notify;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/** Webhooks: signed JSON, or what Slack takes. */
final class HttpDelivery implements Delivery {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int SHOWN = 200;

    /** Answers that say: not this message, now or later. */
    private static final Set<Integer> REFUSED = Set.of(400, 410, 413, 422);

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final URI url;
    private final String secret;
    private final boolean slack;
    private final Clock clock;

    HttpDelivery(ChannelSettings channel, Clock clock) {
        this.url = URI.create(channel.value("url"));
        this.secret = channel.value("secret");
        this.slack = channel.kind() == ChannelSettings.Kind.SLACK;
        this.clock = clock;
    }

    @Override
    public void send(Message message) throws DeliveryException, InterruptedException {
        String body = (slack ? message.slack() : message.json()).encode();
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("User-Agent", "Gradwatch")
                .header("Idempotency-Key", message.key())
                .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        if (!secret.isEmpty()) {
            request.header("Gradwatch-Signature", Signature.of(secret, clock.millis() / 1000, body));
        }
        HttpResponse<String> answer;
        try {
            answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (HttpTimeoutException e) {
            throw new DeliveryException("no answer within " + PATIENCE.toSeconds() + " s", false);
        } catch (ConnectException e) {
            throw new DeliveryException("cannot be connected to", false);
        } catch (IOException e) {
            throw new DeliveryException(
                    "the connection broke"
                            + (e.getMessage() == null || e.getMessage().isEmpty() ? "" : ": " + e.getMessage()),
                    false);
        }
        if (answer.statusCode() / 100 != 2) {
            String words = answer.body().strip();
            throw new DeliveryException(
                    "HTTP " + answer.statusCode()
                            + (words.isEmpty() ? "" : ": " + words.substring(0, Math.min(SHOWN, words.length()))),
                    REFUSED.contains(answer.statusCode()));
        }
    }
}
