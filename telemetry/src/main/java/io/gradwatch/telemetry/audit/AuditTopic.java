package io.gradwatch.telemetry.audit;

import io.gradwatch.contract.Decoded;
import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Audit records as they lie in Kafka, with no index of their own: they are few, and read seldom. A place is an offset for each
 * partition.
 */
public final class AuditTopic implements AuditReader {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(8).toNanos();
    private static final Duration CLOSE = Duration.ofMillis(500);

    private record Found(int partition, long offset, Envelope envelope) {}

    private final Supplier<Consumer<byte[], byte[]>> consumers;

    /** @param consumers makes one for each question */
    public AuditTopic(Supplier<Consumer<byte[], byte[]>> consumers) {
        this.consumers = consumers;
    }

    @Override
    public Page before(Optional<List<Long>> place, int most) {
        Consumer<byte[], byte[]> consumer = consumers.get();
        try {
            return read(consumer, place, most);
        } finally {
            consumer.close(CloseOptions.timeout(CLOSE));
        }
    }

    private static Page read(Consumer<byte[], byte[]> consumer, Optional<List<Long>> place, int most) {
        List<TopicPartition> partitions = consumer.partitionsFor(Topic.AUDIT.topicName()).stream()
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .toList();
        Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> end = ends(partitions, consumer.endOffsets(partitions), place);
        consumer.assign(partitions);
        partitions.forEach(p -> consumer.seek(p, Math.min(at(end, p), Math.max(at(first, p), at(end, p) - most))));
        List<Found> found = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (partitions.stream().anyMatch(p -> consumer.position(p) < at(end, p))) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Kafka does not give its audit records");
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                TopicPartition from = new TopicPartition(record.topic(), record.partition());
                if (record.offset() < at(end, from)
                        && WireFormat.decode(record.value()) instanceof Decoded.Known known
                        && known.envelope().hasAuditRecord()) {
                    found.add(new Found(record.partition(), record.offset(), known.envelope()));
                }
            }
        }
        return page(newest(found, most), partitions, first, end);
    }

    private static List<Found> newest(List<Found> found, int most) {
        return found.stream()
                .sorted(Comparator.comparingLong((Found f) -> f.envelope().getProducedAtMs())
                        .thenComparingInt(Found::partition)
                        .thenComparingLong(Found::offset)
                        .reversed())
                .limit(most)
                .toList();
    }

    private static Page page(
            List<Found> shown,
            List<TopicPartition> partitions,
            Map<TopicPartition, Long> first,
            Map<TopicPartition, Long> end) {
        List<Long> next = partitions.stream()
                .map(p -> shown.stream()
                        .filter(f -> f.partition() == p.partition())
                        .mapToLong(Found::offset)
                        .min()
                        .orElse(at(end, p)))
                .toList();
        boolean more = !shown.isEmpty()
                && IntStream.range(0, next.size()).anyMatch(i -> next.get(i) > at(first, partitions.get(i)));
        return new Page(shown.stream().map(Found::envelope).toList(), more ? Optional.of(next) : Optional.empty());
    }

    private static Map<TopicPartition, Long> ends(
            List<TopicPartition> partitions, Map<TopicPartition, Long> log, Optional<List<Long>> place) {
        Map<TopicPartition, Long> ends = new LinkedHashMap<>();
        for (int i = 0; i < partitions.size(); i++) {
            TopicPartition partition = partitions.get(i);
            int n = i;
            long wanted = place.filter(offsets -> n < offsets.size())
                    .map(offsets -> offsets.get(n))
                    .orElse(Long.MAX_VALUE);
            ends.put(partition, Math.min(wanted, at(log, partition)));
        }
        return ends;
    }

    private static long at(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        Long offset = offsets.get(partition);
        return offset == null ? 0 : offset;
    }
}
