package io.gradwatch.telemetry.ingest;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.history.HistoryWriter;
import io.gradwatch.telemetry.history.OutboxAlert;
import io.gradwatch.telemetry.rules.RuleEngine;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** A log in memory, with two partitions a topic, and a service that reads it step by step on a clock of its own. */
final class LogFixture {
    static final String CLUSTER = "cluster-1";

    private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> log = new HashMap<>();
    final List<IterationRecord> shown = new ArrayList<>();
    final List<Feed.Changes> changes = new ArrayList<>();
    Consumer<Feed.Changes> onCommitted = all -> {};
    final List<OutboxAlert> outbox = new ArrayList<>();
    final List<OutboxAlert.Key> acknowledged = new ArrayList<>();
    final List<String> pauses = new ArrayList<>();
    private final Map<TopicPartition, Long> beginnings = new HashMap<>();
    RuleEngine rules = RuleEngine.standard();
    /** Stands for what the service writes of runs: at once in the log. */
    TrainerStateLog trainers = (runId, attempt, state) -> append(
            Topic.COMMANDS, 0, envelope(runId, attempt).setTrainerState(state).build());

    boolean connected = true;
    private long nowMs = 1_795_449_900_000L;

    LogFixture() {
        for (Topic topic : List.of(
                Topic.ANNOTATIONS, Topic.RUNS, Topic.ITERATIONS, Topic.EPOCHS, Topic.HISTOGRAMS, Topic.COMMANDS)) {
            for (int partition = 0; partition < 2; partition++) {
                log.put(new TopicPartition(topic.topicName(), partition), new ArrayList<>());
            }
        }
    }

    /** Appends a record and returns its offset; a null value makes a tombstone. */
    long append(Topic topic, int partition, byte[] key, byte @Nullable [] value) {
        TopicPartition p = new TopicPartition(topic.topicName(), partition);
        List<ConsumerRecord<byte[], byte[]>> records = records(p);
        long offset = records.size();
        records.add(new ConsumerRecord<>(
                p.topic(),
                partition,
                offset,
                nowMs,
                TimestampType.CREATE_TIME,
                key.length,
                value == null ? -1 : value.length,
                key,
                value,
                new RecordHeaders(),
                Optional.empty()));
        return offset;
    }

    long append(Topic topic, int partition, Envelope envelope) {
        return append(topic, partition, WireFormat.key(envelope.getRunId()), WireFormat.encode(envelope));
    }

    /** Deletes the records before an offset, as retention does. */
    void deleteBefore(Topic topic, int partition, long offset) {
        beginnings.put(new TopicPartition(topic.topicName(), partition), offset);
    }

    void start(String runId, int attempt, RunStarted started) {
        append(Topic.RUNS, 0, envelope(runId, attempt).setRunStarted(started).build());
    }

    void end(String runId, int attempt, RunStarted started) {
        RunEnded ended = RunEnded.newBuilder()
                .setStarted(started)
                .setOutcome(RunEnded.Outcome.FINISHED)
                .setEndedAtMs(nowMs)
                .build();
        append(Topic.RUNS, 0, envelope(runId, attempt).setRunEnded(ended).build());
    }

    static Envelope.Builder envelope(String runId, int attempt) {
        return Envelope.newBuilder()
                .setSchemaVersion(WireFormat.SCHEMA_VERSION)
                .setRunId(runId)
                .setAttempt(attempt)
                .setProducedAtMs(7);
    }

    /** A consumer as a fresh process would have it: it delivers from wherever it is told to. */
    LogConsumer consumer() {
        return new LogConsumer();
    }

    IngestSession begin(LogConsumer consumer, HistoryWriter writer) {
        return begin(consumer, writer, CLUSTER);
    }

    IngestSession begin(LogConsumer consumer, HistoryWriter writer, String clusterId) {
        return begin(consumer, writer, clusterId, Share.ALL);
    }

    /** A session of a service that owns a share of the log. */
    IngestSession begin(LogConsumer consumer, HistoryWriter writer, Share share) {
        return begin(consumer, writer, CLUSTER, share);
    }

    private IngestSession begin(LogConsumer consumer, HistoryWriter writer, String clusterId, Share share) {
        Feed feed = new Feed() {
            @Override
            public void iterations(List<IterationRecord> records) {
                shown.addAll(records);
            }

            @Override
            public void committed(Changes all) {
                changes.add(all);
                onCommitted.accept(all);
            }
        };
        AlertOutbox alerts = new AlertOutbox() {
            @Override
            public void publish(List<OutboxAlert> transitions) {
                outbox.addAll(transitions);
            }

            @Override
            public List<OutboxAlert.Key> takeAcknowledged() {
                List<OutboxAlert.Key> taken = List.copyOf(acknowledged);
                acknowledged.clear();
                return taken;
            }
        };
        return IngestSession.begin(
                consumer,
                clusterId,
                new IngestSession.Parts(
                        writer,
                        () -> rules,
                        feed,
                        alerts,
                        trainers,
                        share,
                        () -> connected,
                        clock(),
                        () -> nowMs * 1_000_000));
    }

    /** Steps until all is read, then commits. */
    void readAll(LogConsumer consumer, IngestSession session) {
        for (int i = 0; i < 1_000 && !consumer.isAtEnd(); i++) {
            session.step(Duration.ZERO);
            pass(Duration.ofMillis(1));
        }
        session.commit();
    }

    void pass(Duration time) {
        nowMs += time.toMillis();
    }

    private List<ConsumerRecord<byte[], byte[]>> records(TopicPartition partition) {
        List<ConsumerRecord<byte[], byte[]>> records = log.get(partition);
        if (records == null) {
            throw new IllegalArgumentException(partition.toString());
        }
        return records;
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return Instant.ofEpochMilli(nowMs);
            }
        };
    }

    /** Kafka's own mock, fed from the log at every poll: up to seven records of each partition that is not paused. */
    final class LogConsumer extends MockConsumer<byte[], byte[]> {
        LogConsumer() {
            super("none");
            log.keySet().stream().map(TopicPartition::topic).distinct().forEach(topic -> {
                Node node = new Node(0, "host", 1);
                List<PartitionInfo> infos = new ArrayList<>();
                for (int p = 0; p < 2; p++) {
                    infos.add(new PartitionInfo(topic, p, node, new Node[] {node}, new Node[] {node}));
                }
                updatePartitions(topic, infos);
            });
            refresh();
        }

        private void refresh() {
            Map<TopicPartition, Long> begins = new HashMap<>();
            Map<TopicPartition, Long> ends = new HashMap<>();
            log.forEach((p, records) -> {
                begins.put(p, beginnings.getOrDefault(p, 0L));
                ends.put(p, (long) records.size());
            });
            updateBeginningOffsets(begins);
            updateEndOffsets(ends);
        }

        boolean isAtEnd() {
            return log.keySet().stream().allMatch(p -> position(p) >= records(p).size());
        }

        @Override
        public synchronized Map<TopicPartition, Long> endOffsets(java.util.Collection<TopicPartition> partitions) {
            refresh();
            return super.endOffsets(partitions);
        }

        @Override
        public synchronized void pause(java.util.Collection<TopicPartition> partitions) {
            pauses.add(partitions.stream()
                    .map(TopicPartition::topic)
                    .distinct()
                    .sorted()
                    .toList()
                    .toString());
            super.pause(partitions);
        }

        @Override
        public synchronized org.apache.kafka.clients.consumer.ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            refresh();
            for (TopicPartition p : assignment()) {
                if (!paused().contains(p)) {
                    List<ConsumerRecord<byte[], byte[]>> records = records(p);
                    long from = position(p);
                    for (long o = from; o < Math.min(from + 7, records.size()); o++) {
                        addRecord(records.get((int) o));
                    }
                }
            }
            return super.poll(timeout);
        }
    }
}
