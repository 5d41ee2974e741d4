package io.gradwatch.experiments.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;

/** Finds out whether a Kafka cluster answers, before a run relies on it. */
final class KafkaCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private KafkaCheck() {}

    /** What is wrong, with what is accepted; empty if the cluster answers. Blocks for about five seconds at most. */
    static Optional<String> problemOf(KafkaChoice kafka) {
        Map<String, Object> properties = new HashMap<>(kafka.properties());
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        try (Closing closing = new Closing(Admin.create(properties))) {
            closing.admin().describeCluster().nodes().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.empty();
        } catch (TimeoutException e) {
            return Optional.of(unreachable(kafka, "no answer within " + PATIENCE.toSeconds() + " s"));
        } catch (ExecutionException e) {
            boolean late = e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException;
            return Optional.of(unreachable(
                    kafka, late ? "no answer within " + PATIENCE.toSeconds() + " s" : String.valueOf(e.getCause())));
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return Optional.of(unreachable(kafka, String.valueOf(cause.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(unreachable(kafka, "interrupted"));
        }
    }

    private static String unreachable(KafkaChoice kafka, String why) {
        return "Kafka at " + kafka.bootstrap() + " cannot be reached (" + why
                + "): accepted is --kafka HOST:PORT of a running cluster (`gradwatch up` starts one),"
                + " or --kafka none to train without telemetry";
    }

    /** Closes without waiting for calls under way. */
    private record Closing(Admin admin) implements AutoCloseable {
        @Override
        public void close() {
            admin.close(Duration.ZERO);
        }
    }
}
