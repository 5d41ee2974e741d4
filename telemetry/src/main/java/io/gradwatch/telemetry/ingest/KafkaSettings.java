package io.gradwatch.telemetry.ingest;

import io.gradwatch.contract.Topic;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * How to reach Kafka. The three maps are configurations of its clients; a setting of the user's file wins over ours, save
 * those that exactness hangs on.
 */
public final class KafkaSettings {
    private static final int SESSION_MS = 20_000;

    private final String bootstrap;
    private final Map<String, Object> given;
    private final int partitions;

    private KafkaSettings(String bootstrap, Map<String, Object> given, int partitions) {
        this.bootstrap = bootstrap;
        this.given = given;
        this.partitions = partitions;
    }

    /** The same, for topics that are made with so many partitions. */
    public KafkaSettings withPartitions(int number) {
        return new KafkaSettings(bootstrap, given, number);
    }

    /** With how many partitions topics are made, where there are none yet. */
    int partitions() {
        return partitions;
    }

    /**
     * Reads the settings.
     *
     * @param bootstrap {@code host:port}, several separated by commas
     * @param file properties of Kafka's clients (security, for instance), or null
     * @throws IllegalArgumentException when the file cannot be read, or the address is none
     */
    public static KafkaSettings of(String bootstrap, @Nullable Path file) {
        for (String address : bootstrap.split(",", -1)) {
            if (!address.strip().matches("\\S+:\\d{1,5}")) {
                throw new IllegalArgumentException(
                        "--kafka is \"" + bootstrap + "\"; accepted is HOST:PORT, several separated by commas");
            }
        }
        Map<String, Object> given = new LinkedHashMap<>();
        if (file != null) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "--kafka-config " + file + " cannot be read (" + e
                                + "); accepted is a properties file of Kafka's client settings",
                        e);
            }
            properties.forEach((name, value) -> given.put((String) name, value));
        }
        return new KafkaSettings(bootstrap, Collections.unmodifiableMap(given), Topic.DEFAULT_PARTITIONS);
    }

    /** The address as given. */
    public String bootstrap() {
        return bootstrap;
    }

    /** Of the consumer: it keeps no offsets in Kafka, and never leaves out a record silently. */
    public Map<String, Object> consumer() {
        Map<String, Object> c = client("gradwatch-telemetry");
        c.putIfAbsent("max.poll.records", 1_000);
        c.putIfAbsent("fetch.max.bytes", 8 << 20);
        c.putIfAbsent("default.api.timeout.ms", 5_000);
        c.remove("group.id");
        c.put("enable.auto.commit", false);
        c.put("auto.offset.reset", "none");
        c.put("key.deserializer", ByteArrayDeserializer.class);
        c.put("value.deserializer", ByteArrayDeserializer.class);
        return c;
    }

    /**
     * Of the member of a group: it reads nothing, Kafka tells it which partitions are its service's. It is a static member, so a
     * service that comes back within the session's time finds its partitions as they were.
     *
     * @param member unlike that of any other service of the group, of letters, digits, dots, underscores and hyphens
     * @param clientId can be read by everybody in the group
     */
    public Map<String, Object> member(String group, String member, String clientId) {
        Map<String, Object> c = new LinkedHashMap<>(consumer());
        c.put("group.id", group);
        c.put("group.instance.id", member);
        c.put("client.id", clientId);
        c.put("group.protocol", "classic");
        c.put("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
        c.put("auto.offset.reset", "latest");
        c.putIfAbsent("session.timeout.ms", SESSION_MS);
        c.putIfAbsent("heartbeat.interval.ms", 2_000);
        c.putIfAbsent("max.poll.interval.ms", 60_000);
        return c;
    }

    /** After so long without a sign of life of a service its partitions go to others, milliseconds. */
    public int sessionMs() {
        Object said = given.get("session.timeout.ms");
        return said == null ? SESSION_MS : Integer.parseInt(said.toString());
    }

    /** Of the consumer of alerts for notifications: it keeps no offsets in Kafka either. */
    public Map<String, Object> notificationConsumer() {
        Map<String, Object> c = new LinkedHashMap<>(consumer());
        if (!given.containsKey("client.id")) {
            c.put("client.id", "gradwatch-telemetry-notifications");
        }
        return c;
    }

    /** The same where services share the work: how far each partition was told is kept in Kafka, for whoever owns it next. */
    public Map<String, Object> notificationConsumer(String group) {
        Map<String, Object> c = notificationConsumer();
        c.put("group.id", group + "-notifications");
        return c;
    }

    /** Of the consumer that looks up which alerts have been published. */
    public Map<String, Object> publishedConsumer() {
        return named(consumer(), "gradwatch-telemetry-published");
    }

    /** Of the producer of alerts. */
    public Map<String, Object> producer() {
        Map<String, Object> c = client("gradwatch-telemetry-alerts");
        c.putIfAbsent("max.block.ms", 5_000);
        c.putIfAbsent("buffer.memory", 8L << 20);
        c.put("acks", "all");
        c.put("enable.idempotence", true);
        c.put("key.serializer", ByteArraySerializer.class);
        c.put("value.serializer", ByteArraySerializer.class);
        return c;
    }

    /** Of the producer of annotations: somebody waits for its answer. */
    public Map<String, Object> annotationProducer() {
        return impatient("gradwatch-telemetry-annotations");
    }

    /** Of the producer of commands: likewise. */
    public Map<String, Object> commandProducer() {
        return impatient("gradwatch-telemetry-commands");
    }

    /** Of the producer of audit records: it may take its time, nobody waits. */
    public Map<String, Object> auditProducer() {
        return named(producer(), "gradwatch-telemetry-audit");
    }

    /** Of the consumer of audit records: somebody waits. */
    public Map<String, Object> auditConsumer() {
        return named(consumer(), "gradwatch-telemetry-audit-reader");
    }

    private Map<String, Object> named(Map<String, Object> settings, String clientId) {
        Map<String, Object> c = new LinkedHashMap<>(settings);
        if (!given.containsKey("client.id")) {
            c.put("client.id", clientId);
        }
        return c;
    }

    private Map<String, Object> impatient(String clientId) {
        Map<String, Object> c = new LinkedHashMap<>(producer());
        if (!given.containsKey("client.id")) {
            c.put("client.id", clientId);
        }
        c.put("linger.ms", 0);
        c.put("max.block.ms", 4_000);
        c.put("request.timeout.ms", 3_000);
        c.put("delivery.timeout.ms", 4_000);
        return c;
    }

    /** Of the administrative client. */
    public Map<String, Object> admin() {
        Map<String, Object> c = client("gradwatch-telemetry-admin");
        c.putIfAbsent("default.api.timeout.ms", 5_000);
        c.putIfAbsent("request.timeout.ms", 3_000);
        return c;
    }

    private Map<String, Object> client(String id) {
        Map<String, Object> c = new LinkedHashMap<>(given);
        c.put("bootstrap.servers", bootstrap);
        c.putIfAbsent("client.id", id);
        c.putIfAbsent("reconnect.backoff.max.ms", 1_000);
        return c;
    }
}
