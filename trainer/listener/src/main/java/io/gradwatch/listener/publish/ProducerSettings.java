package io.gradwatch.listener.publish;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The producer's properties: what gradwatch needs, and over it what the user says. */
public final class ProducerSettings {
    private ProducerSettings() {}

    /**
     * The user's properties over the defaults.
     *
     * <p>The defaults: idempotent, {@code acks=all}, at most five requests in flight, retries without end and a delivery
     * timeout of 24 days, so that a batch is neither lost nor doubled however long an outage lasts; {@code linger.ms=5},
     * lz4, 32 MiB of buffer; {@code max.block.ms=1000}, so that closing does not wait.
     *
     * @param user any producer property by Kafka's name; {@code bootstrap.servers} must be there
     * @throws IllegalArgumentException naming the property that Kafka does not accept, and why
     */
    public static Map<String, Object> over(Map<String, ?> user) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(ProducerConfig.CLIENT_ID_CONFIG, "gradwatch-listener");
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 5);
        all.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000);
        all.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        all.put(ProducerConfig.BATCH_SIZE_CONFIG, 65_536);
        all.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 32L << 20);
        all.putAll(user);
        Object bootstrap = all.get(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG);
        if (bootstrap == null || bootstrap.toString().isBlank()) {
            throw new IllegalArgumentException(
                    "bootstrap.servers is missing; accepted is host:port, or several separated by commas");
        }
        Map<String, Object> checked = new LinkedHashMap<>(all);
        checked.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        checked.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        try {
            new ProducerConfig(checked);
        } catch (ConfigException e) {
            throw new IllegalArgumentException("Kafka does not accept these properties: " + e.getMessage(), e);
        }
        return all;
    }
}
