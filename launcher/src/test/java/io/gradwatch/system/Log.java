package io.gradwatch.system;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradwatch.contract.Decoded;
import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The topics, read from beginning to end by a client of its own. */
final class Log {
    private Log() {}

    /** Address of the Kafka that runs on the data directory. */
    static String bootstrap(Path home) throws IOException {
        return new ObjectMapper()
                .readTree(home.resolve("instance.json").toFile())
                .get("kafka")
                .asText();
    }

    /** All records that the topic holds now, decoded; malformed ones are left out. */
    static List<Envelope> read(String bootstrap, Topic topic) {
        return read(bootstrap, topic.topicName());
    }

    /** The same of a topic that is not one of Gradwatch's. */
    static List<Envelope> read(String bootstrap, String topic) {
        List<Envelope> records = new ArrayList<>();
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", "false");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (WireFormat.decode(record.value()) instanceof Decoded.Known known) {
                        records.add(known.envelope());
                    }
                }
            }
        }
        return records;
    }

    /** Iterations of the run in the order of the log. */
    static List<Long> iterations(String bootstrap, String runId) {
        return read(bootstrap, Topic.ITERATIONS).stream()
                .filter(e -> e.getRunId().equals(runId))
                .map(e -> e.getIteration().getIteration())
                .toList();
    }

    /** Puts bytes on the topic that are not a record. */
    static void sendMalformed(String bootstrap, String key) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "acks", "all");
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            Topic.ITERATIONS.topicName(), WireFormat.key(key), new byte[] {(byte) 0xff, 1, 2, 3}))
                    .get();
        }
    }
}
