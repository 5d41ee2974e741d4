package io.gradwatch.telemetry.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.AuditRecord;
import io.gradwatch.contract.v1.Envelope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class AuditTopicTest {
    private static final String TOPIC = Topic.AUDIT.topicName();
    private static final int PARTITIONS = 3;

    private final List<List<byte[]>> log = new ArrayList<>(IntStream.range(0, PARTITIONS)
            .mapToObj(i -> (List<byte[]>) new ArrayList<byte[]>())
            .toList());
    private final Map<Integer, Long> beginnings = new HashMap<>(Map.of(0, 0L, 1, 0L, 2, 0L));
    private final AuditTopic topic = new AuditTopic(this::consumer);

    private void append(int partition, long atMs) {
        log.get(partition)
                .add(WireFormat.encode(Envelope.newBuilder()
                        .setSchemaVersion(1)
                        .setRunId(Topic.NO_RUN)
                        .setAttempt(1)
                        .setProducedAtMs(atMs)
                        .setAuditRecord(AuditRecord.newBuilder().setWho("ada"))
                        .build()));
    }

    private MockConsumer<byte[], byte[]> consumer() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>(AutoOffsetResetStrategy.NONE.name());
        Node[] nodes = {Node.noNode()};
        consumer.updatePartitions(
                TOPIC,
                IntStream.range(0, PARTITIONS)
                        .mapToObj(p -> new PartitionInfo(TOPIC, p, nodes[0], nodes, nodes))
                        .toList());
        Map<TopicPartition, Long> first = new HashMap<>();
        Map<TopicPartition, Long> end = new HashMap<>();
        for (int p = 0; p < PARTITIONS; p++) {
            first.put(new TopicPartition(TOPIC, p), beginnings.getOrDefault(p, 0L));
            end.put(new TopicPartition(TOPIC, p), (long) log.get(p).size());
        }
        consumer.updateBeginningOffsets(first);
        consumer.updateEndOffsets(end);
        consumer.schedulePollTask(() -> consumer.assignment().forEach(partition -> {
            for (long o = consumer.position(partition);
                    o < log.get(partition.partition()).size();
                    o++) {
                consumer.addRecord(new ConsumerRecord<>(
                        TOPIC,
                        partition.partition(),
                        o,
                        new byte[0],
                        log.get(partition.partition()).get((int) o)));
            }
        }));
        return consumer;
    }

    private static List<Long> times(AuditReader.Page page) {
        return page.items().stream().map(Envelope::getProducedAtMs).toList();
    }

    @Test
    void anEmptyTopicIsAnEmptyPage() {
        AuditReader.Page page = topic.before(Optional.empty(), 10);
        assertThat(page.items()).isEmpty();
        assertThat(page.next()).isEmpty();
    }

    @Test
    void givesTheNewestOfAllPartitionsFirstAndEachRecordOnceOverItsPages() {
        for (int i = 0; i < 20; i++) {
            append(i * i % PARTITIONS, 1_000 + i);
        }
        Set<Long> seen = new HashSet<>();
        long newest = Long.MAX_VALUE;
        Optional<List<Long>> place = Optional.empty();
        int pages = 0;
        do {
            AuditReader.Page page = topic.before(place, 3);
            for (long time : times(page)) {
                assertThat(time).isLessThan(newest);
                assertThat(seen.add(time)).isTrue();
                newest = time;
            }
            place = page.next();
            pages++;
        } while (place.isPresent());
        assertThat(seen).hasSize(20);
        assertThat(pages).isEqualTo(7);
    }

    @Test
    void passesOverWhatIsNoAuditRecordAndWhatKafkaHasDeleted() {
        append(0, 1);
        append(0, 2);
        log.get(0).add(new byte[] {1, 2, 3});
        append(0, 3);
        beginnings.put(0, 1L);
        AuditReader.Page page = topic.before(Optional.empty(), 10);
        assertThat(times(page)).containsExactly(3L, 2L);
        assertThat(page.next()).isEmpty();
    }
}
