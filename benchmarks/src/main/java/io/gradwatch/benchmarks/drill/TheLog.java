package io.gradwatch.benchmarks.drill;

import io.gradwatch.contract.Decoded;
import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The topic of iterations, read from beginning to end by a client of its own each time. For one thread. */
final class TheLog {
    private final String bootstrap;

    /**
     * All of it.
     *
     * @param runs iterations by run, those of all attempts, in the order of the log
     * @param malformed records that the contract does not let through
     * @param unknown records of a type that this version does not know
     */
    record Content(Map<String, List<Row>> runs, long records, long malformed, long unknown) {
        List<Row> of(String run) {
            return runs.getOrDefault(run, List.of());
        }
    }

    TheLog(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    List<Row> of(String run) {
        return read().of(run);
    }

    Content read() {
        Map<String, List<Row>> runs = new TreeMap<>();
        long[] count = new long[3];
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", "false");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topic.ITERATIONS.topicName()).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    take(record.value(), runs, count);
                }
            }
        }
        return new Content(runs, count[0], count[1], count[2]);
    }

    private static void take(byte[] value, Map<String, List<Row>> runs, long[] count) {
        count[0]++;
        Decoded decoded = WireFormat.decode(value);
        if (decoded instanceof Decoded.Known known && known.envelope().hasIteration()) {
            runs.computeIfAbsent(known.envelope().getRunId(), run -> new ArrayList<>())
                    .add(new Row(
                            known.envelope().getAttempt(),
                            known.envelope().getIteration().getIteration()));
        } else if (decoded instanceof Decoded.Unknown) {
            count[2]++;
        } else {
            count[1]++;
        }
    }
}
