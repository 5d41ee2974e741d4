package io.gradwatch.listener.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The consumer's properties: of those that were said for the producer, what a consumer has too, and our own. */
final class ConsumerSettings {
    /** A producer's plug-ins, or ours to decide. */
    private static final Set<String> NOT_OURS = Set.of(
            ProducerConfig.INTERCEPTOR_CLASSES_CONFIG,
            ConsumerConfig.GROUP_ID_CONFIG,
            ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);

    private ConsumerSettings() {}

    /** @param producer what the user said, by Kafka's names; {@code bootstrap.servers} among it */
    static Map<String, Object> from(Map<String, ?> producer) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);
        all.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        all.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2_000);
        producer.forEach((name, value) -> {
            boolean known = ConsumerConfig.configNames().contains(name)
                    || !ProducerConfig.configNames().contains(name);
            if (known && !NOT_OURS.contains(name)) {
                all.put(name, value);
            }
        });
        all.put(ConsumerConfig.CLIENT_ID_CONFIG, "gradwatch-commands");
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return all;
    }
}
