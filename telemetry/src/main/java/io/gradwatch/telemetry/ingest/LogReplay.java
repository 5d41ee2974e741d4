package io.gradwatch.telemetry.ingest;

import io.gradwatch.contract.Topic;
import io.gradwatch.telemetry.history.HistoryWriter;
import io.gradwatch.telemetry.history.OutboxAlert;
import io.gradwatch.telemetry.history.PartitionOffset;
import io.gradwatch.telemetry.rules.RuleEngine;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads the log once, up to its present end, with nobody watching: how history is made again. Blocks the caller. */
public final class LogReplay {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long TELL_EVERY_NANOS = Duration.ofMillis(200).toNanos();

    private static final Feed NOBODY = new Feed() {
        @Override
        public void iterations(List<IterationRecord> records) {}

        @Override
        public void committed(Changes changes) {}
    };

    private static final AlertOutbox NOWHERE = new AlertOutbox() {
        @Override
        public void publish(List<OutboxAlert> transitions) {}

        @Override
        public List<OutboxAlert.Key> takeAcknowledged() {
            return List.of();
        }
    };

    private LogReplay() {}

    /** What the log holds. {@code beginnings}: offset of the first record that each partition still has. */
    public record Log(String clusterId, List<PartitionOffset> beginnings) {
        public Log {
            beginnings = List.copyOf(beginnings);
        }

        /** The first offset that a partition still has; 0 when there is no such partition. */
        public long beginning(Topic topic, int partition) {
            return beginnings.stream()
                    .filter(b -> b.topic().equals(topic.topicName()) && b.partition() == partition)
                    .mapToLong(PartitionOffset::nextOffset)
                    .findFirst()
                    .orElse(0);
        }
    }

    /** How far it is. */
    public interface Progress {
        /** {@code read} of {@code total} records, and now and then again. */
        void at(long read, long total);
    }

    /** Asks what there is. Creates missing topics, as the service does. */
    public static Log log(KafkaSettings kafka) {
        KafkaCluster cluster = new KafkaCluster(kafka);
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumer())) {
            String id = cluster.prepare();
            Set<TopicPartition> partitions = new LinkedHashSet<>();
            for (Topic topic : Topic.values()) {
                consumer.partitionsFor(topic.topicName())
                        .forEach(p -> partitions.add(new TopicPartition(p.topic(), p.partition())));
            }
            return new Log(
                    id,
                    consumer.beginningOffsets(partitions).entrySet().stream()
                            .map(e -> new PartitionOffset(
                                    e.getKey().topic(), e.getKey().partition(), e.getValue()))
                            .toList());
        } finally {
            cluster.close();
        }
    }

    /**
     * Reads from where history ends up to where the log ends now.
     *
     * @param rules that judge what is read
     * @param seeds records to leave out, of runs that history has already
     * @throws RuntimeException Kafka or the database refuses; what was committed stays
     */
    public static void into(
            HistoryWriter writer,
            RuleEngine rules,
            KafkaSettings kafka,
            String clusterId,
            Seeds seeds,
            Clock clock,
            Progress progress) {
        IngestSession.Parts parts = new IngestSession.Parts(
                writer, () -> rules, NOBODY, NOWHERE, TrainerStateLog.NONE, () -> true, clock, System::nanoTime);
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumer())) {
            IngestSession session = IngestSession.begin(consumer, clusterId, parts);
            session.skip(seeds);
            long total = session.remaining();
            long told = System.nanoTime() - TELL_EVERY_NANOS;
            while (!session.isCaughtUp()) {
                session.step(POLL);
                if (System.nanoTime() - told >= TELL_EVERY_NANOS) {
                    told = System.nanoTime();
                    progress.at(total - session.remaining(), total);
                }
            }
            session.commit();
            progress.at(total, total);
        } finally {
            writer.rollback();
        }
    }
}
