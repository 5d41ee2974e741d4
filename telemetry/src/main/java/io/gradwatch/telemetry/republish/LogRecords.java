package io.gradwatch.telemetry.republish;

import com.google.protobuf.InvalidProtocolBufferException;
import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;

/** A run's records of one topic, as the log has them now, in their order. For one thread. */
final class LogRecords implements Iterator<Stored>, AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Topic topic;
    private final TopicPartition partition;
    private final byte[] key;
    private final long begin;
    private final long end;
    private final ArrayDeque<Stored> ahead = new ArrayDeque<>();

    /**
     * Begins to read.
     *
     * @param settings of Kafka's clients
     * @param sinceMs records that were written before this time are not the run's; milliseconds since the epoch
     * @throws RepublishException when Kafka does not answer or does not have the topic
     */
    LogRecords(Map<String, Object> settings, Topic topic, String runId, long sinceMs) {
        Map<String, Object> c = new HashMap<>(settings);
        c.put("enable.auto.commit", false);
        c.put("auto.offset.reset", "earliest");
        c.put("fetch.max.bytes", 4 << 20);
        c.remove("group.id");
        this.topic = topic;
        this.key = WireFormat.key(runId);
        this.consumer = new KafkaConsumer<>(c, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            int partitions = consumer.partitionsFor(topic.topicName(), PATIENCE).size();
            partition = new TopicPartition(topic.topicName(), Utils.toPositive(Utils.murmur2(key)) % partitions);
            List<TopicPartition> one = List.of(partition);
            consumer.assign(one);
            begin = consumer.beginningOffsets(one, PATIENCE).getOrDefault(partition, 0L);
            end = consumer.endOffsets(one, PATIENCE).getOrDefault(partition, 0L);
            OffsetAndTimestamp since = topic == Topic.RUNS
                    ? null
                    : consumer.offsetsForTimes(Map.of(partition, Math.max(0, sinceMs)), PATIENCE)
                            .get(partition);
            consumer.seek(partition, since == null ? begin : Math.max(begin, since.offset()));
        } catch (KafkaException e) {
            consumer.close();
            throw new RepublishException("Kafka does not give " + topic.topicName() + ": " + e.getMessage(), e);
        }
    }

    /** Records with a smaller offset are not in the log any more. */
    long begin() {
        return begin;
    }

    /** Partitions of the topic. */
    int partitions() {
        return consumer.partitionsFor(topic.topicName()).size();
    }

    @Override
    public boolean hasNext() {
        while (ahead.isEmpty() && consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < end && record.value() != null && Arrays.equals(key, record.key())) {
                    try {
                        ahead.addLast(Stored.of(topic, record.value()));
                    } catch (InvalidProtocolBufferException e) {
                        continue; // the service has put it into quarantine
                    }
                }
            }
        }
        return !ahead.isEmpty();
    }

    @Override
    public Stored next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ahead.removeFirst();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
