package io.gradwatch.telemetry.lifecycle;

import io.gradwatch.contract.Decoded;
import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.telemetry.ingest.KafkaSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A real log. Its clients live for one call each: such calls are rare. */
final class KafkaRunLog implements RunLog {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(500);

    /** The topics that may be trimmed; the others are compacted. */
    private static final List<Topic> TRIMMED =
            List.of(Topic.ITERATIONS, Topic.EPOCHS, Topic.HISTOGRAMS, Topic.ALERTS, Topic.COMMANDS);

    private final KafkaSettings settings;
    private final Clock clock;

    KafkaRunLog(KafkaSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public void annotate(String runId, int attempt, RunAnnotation annotation) {
        Envelope envelope = Envelope.newBuilder()
                .setSchemaVersion(WireFormat.SCHEMA_VERSION)
                .setRunId(runId)
                .setAttempt(Math.max(1, attempt))
                .setProducedAtMs(clock.millis())
                .setRunAnnotation(annotation)
                .build();
        send(Topic.ANNOTATIONS, runId, WireFormat.encode(envelope));
    }

    @Override
    public void forget(String runId) {
        send(Topic.RUNS, runId, null);
    }

    private void send(Topic topic, String runId, byte @Nullable [] value) {
        try (Producer<byte[], byte @Nullable []> producer = new KafkaProducer<>(settings.producer())) {
            answer(producer.send(new ProducerRecord<>(topic.topicName(), WireFormat.key(runId), value)));
        }
    }

    @Override
    public Trimmed trim(Droppable droppable) {
        Map<TopicPartition, RecordsToDelete> trims = new HashMap<>();
        long records = 0;
        int needed = 0;
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings.consumer());
                Admin admin = Admin.create(settings.admin())) {
            for (Topic topic : TRIMMED) {
                List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                        .map(p -> new TopicPartition(p.topic(), p.partition()))
                        .toList();
                Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
                Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
                for (TopicPartition partition : partitions) {
                    long begin = begins.getOrDefault(partition, 0L);
                    long end = ends.getOrDefault(partition, 0L);
                    long upTo = droppableUpTo(consumer, partition, begin, end, droppable);
                    needed += upTo < end ? 1 : 0;
                    if (upTo > begin) {
                        records += upTo - begin;
                        trims.put(partition, RecordsToDelete.beforeOffset(upTo));
                    }
                }
            }
            if (!trims.isEmpty()) {
                answer(admin.deleteRecords(trims).all());
            }
        }
        return new Trimmed(records, needed);
    }

    private static long droppableUpTo(
            Consumer<byte[], byte[]> consumer, TopicPartition partition, long begin, long end, Droppable droppable) {
        if (begin >= end) {
            return begin;
        }
        consumer.assign(List.of(partition));
        consumer.seek(partition, begin);
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (!droppable.test(runId(record), partition.topic(), partition.partition(), record.offset())) {
                    return record.offset();
                }
            }
        }
        return end;
    }

    /** The run that a record is of; empty for one that is not well-formed. */
    private static String runId(ConsumerRecord<byte[], byte[]> record) {
        return WireFormat.decode(record.value()) instanceof Decoded.Known known
                ? known.envelope().getRunId()
                : "";
    }

    private static void answer(java.util.concurrent.Future<?> future) {
        try {
            future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException k ? k : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("Kafka did not answer within " + PATIENCE.toSeconds() + " s", e);
        }
    }
}
