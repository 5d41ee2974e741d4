package io.gradwatch.telemetry.ingest;

import com.google.protobuf.ByteString;
import io.gradwatch.contract.Decoded;
import io.gradwatch.contract.RunIds;
import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.telemetry.history.Counters;
import io.gradwatch.telemetry.history.HistoryWriter;
import io.gradwatch.telemetry.history.OutboxAlert;
import io.gradwatch.telemetry.history.PartitionOffset;
import io.gradwatch.telemetry.history.QuarantinedRecord;
import io.gradwatch.telemetry.history.StoredRun;
import io.gradwatch.telemetry.rules.RuleEngine;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.HistogramsRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.gradwatch.telemetry.stream.TrainerRecord;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log from where history ends until something fails; then history is rolled back to its last commit and a new
 * session takes over. So history is a prefix of the log at any moment. For one thread.
 */
final class IngestSession {
    /**
     * What a session works with.
     *
     * @param rules those in force; asked before every batch of records
     * @param trainers is told of runs that are silent, and of those that are not any more
     * @param share what is read and judged
     * @param connected whether Kafka answers: while it does not, and for a while afterwards, no run counts as silent
     */
    record Parts(
            HistoryWriter writer,
            Supplier<RuleEngine> rules,
            Feed feed,
            AlertOutbox outbox,
            TrainerStateLog trainers,
            Share share,
            BooleanSupplier connected,
            Clock clock,
            LongSupplier nanoTime) {
        /** Everything is read. */
        Parts(
                HistoryWriter writer,
                Supplier<RuleEngine> rules,
                Feed feed,
                AlertOutbox outbox,
                TrainerStateLog trainers,
                BooleanSupplier connected,
                Clock clock,
                LongSupplier nanoTime) {
            this(writer, rules, feed, outbox, trainers, Share.ALL, connected, clock, nanoTime);
        }

        Parts of(Share other) {
            return new Parts(writer, rules, feed, outbox, trainers, other, connected, clock, nanoTime);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(IngestSession.class);

    /** Runs before their iterations, iterations before the epochs that they make, and what is said of them all first. */
    private static final List<Topic> READ =
            List.of(Topic.ANNOTATIONS, Topic.RUNS, Topic.ITERATIONS, Topic.EPOCHS, Topic.HISTOGRAMS, Topic.COMMANDS);

    private static final long COMMIT_EVERY_NANOS = Duration.ofMillis(200).toNanos();
    private static final int COMMIT_ROWS = 100_000;
    private static final long TICK_EVERY_MS = 1_000;
    private static final Duration ASK = Duration.ofSeconds(2);

    private final Consumer<byte[], byte[]> consumer;
    private final Parts parts;
    private final HistoryWriter writer;
    private final RunBook book;
    private final Map<TopicPartition, Long> ends;
    private final Map<TopicPartition, Long> moved = new HashMap<>();
    private final Set<TopicPartition> runPartitions;

    private final List<OutboxAlert> transitions = new ArrayList<>();
    /** Ids of alerts that people have said something about. */
    private final Set<String> judged = new LinkedHashSet<>();

    private final List<EpochRecord> epochs = new ArrayList<>();
    private final Set<Feed.CommandKey> commands = new LinkedHashSet<>();
    /** Ids of runs whose rows this transaction deletes. */
    private final List<String> deleted = new ArrayList<>();

    private final List<IterationRecord> fresh = new ArrayList<>();
    private Counters counters;
    private Seeds seeds = Seeds.NONE;
    private boolean caughtUp;
    private Set<Integer> inHistory = Set.of();
    private int rows;
    private long committedAtNanos;
    private long tickedAtMs;
    private long listeningSinceMs;

    private IngestSession(Consumer<byte[], byte[]> consumer, Parts parts, Map<TopicPartition, Long> ends) {
        this.consumer = consumer;
        this.parts = parts;
        this.writer = parts.writer();
        this.ends = ends;
        this.book = RunBook.load(writer, parts.rules().get());
        this.counters = writer.counters();
        this.runPartitions = Set.copyOf(ends.keySet().stream()
                .filter(p -> p.topic().equals(Topic.RUNS.topicName()))
                .toList());
        this.committedAtNanos = parts.nanoTime().getAsLong() - COMMIT_EVERY_NANOS;
    }

    /**
     * Takes the log up where history ends.
     *
     * @throws WrongClusterException when history comes from another cluster
     */
    static IngestSession begin(Consumer<byte[], byte[]> consumer, String clusterId, Parts parts) {
        String known = parts.writer().clusterId();
        if (known == null) {
            parts.writer().clusterId(clusterId);
            parts.writer().commit(List.of(), parts.writer().counters());
        } else if (!known.equals(clusterId)) {
            throw new WrongClusterException(
                    "history comes from the Kafka cluster " + known + ", but this is " + clusterId
                            + "; accepted is the same cluster, or another --data-dir"
                            + " (without its history folder this one is rebuilt from the new cluster)");
        }
        Set<TopicPartition> partitions = new LinkedHashSet<>();
        for (Topic topic : READ) {
            consumer.partitionsFor(topic.topicName()).stream()
                    .filter(info -> parts.share().has(info.partition()))
                    .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
        }
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        StartOffsets start = StartOffsets.of(
                parts.writer().offsets().stream()
                        .filter(offset -> parts.share().has(offset.partition()))
                        .toList(),
                consumer.beginningOffsets(partitions),
                ends,
                parts.clock().millis());
        if (!start.losses().isEmpty()) {
            start.losses().forEach(parts.writer()::lost);
            parts.writer().commit(start.behindLosses(), parts.writer().counters());
        }
        start.positions().forEach(consumer::seek);
        int moved = parts.writer().settle(parts.share().hasRun());
        if (moved > 0) {
            LOG.info("{} runs came or went with their partitions", moved);
        }
        parts.outbox().begin(parts.share());
        IngestSession session = new IngestSession(consumer, parts, ends);
        session.follow(parts.rules().get()); // they may be others than when history was written
        parts.outbox().publish(parts.writer().unpublished());
        return session;
    }

    /** Reads what there is, waiting for it a short time, and commits when it is time to. */
    void step(Duration patience) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(patience);
        RuleEngine rules = parts.rules().get();
        if (!book.judgesBy(rules)) {
            follow(rules);
        }
        take(records);
        long now = parts.clock().millis();
        if (caughtUp && Math.abs(now - tickedAtMs) >= TICK_EVERY_MS) {
            tickedAtMs = now;
            if (parts.connected().getAsBoolean()) {
                book.tick(now, listeningSinceMs, parts.trainers());
            } else {
                listeningSinceMs = now;
            }
        }
        caughtUp = caughtUp || ends.entrySet().stream().allMatch(e -> consumer.position(e.getKey()) >= e.getValue());
        long sinceCommit = parts.nanoTime().getAsLong() - committedAtNanos;
        if (sinceCommit >= COMMIT_EVERY_NANOS || rows >= COMMIT_ROWS) {
            commit();
        }
    }

    private void follow(RuleEngine rules) {
        ended(book.follow(rules, parts.clock().millis()));
    }

    private void ended(List<OutboxAlert> alerts) {
        alerts.forEach(alert -> alerted(alert.runId(), List.of(alert)));
    }

    /** Leaves out records that history has already. */
    void skip(Seeds seeds) {
        this.seeds = seeds;
    }

    /** Whether everything has been read that was there when the session began. */
    boolean isCaughtUp() {
        return caughtUp;
    }

    /**
     * Numbers of the partitions of which, in all topics, everything is in history that was in the log when the session began.
     */
    Set<Integer> partitionsCaughtUp() {
        return inHistory;
    }

    private Set<Integer> readUpToTheirEnds() {
        Map<Integer, Boolean> read = new HashMap<>();
        ends.forEach((partition, end) ->
                read.merge(partition.partition(), consumer.position(partition) >= end, Boolean::logicalAnd));
        return read.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Records between where it stands and the end of the log as of its beginning. */
    long remaining() {
        return ends.entrySet().stream()
                .mapToLong(e -> Math.max(0, e.getValue() - consumer.position(e.getKey())))
                .sum();
    }

    /** Follows a run that has come into history by another way. */
    void adopt(StoredRun run) {
        commit();
        String runId = run.tracker().description().runId();
        if (!book.adopt(run) && book.runKey(runId) != run.runKey()) {
            LOG.warn("Run {} came from the log while it was imported; the log counts", runId);
            writer.deleteRun(run.runKey());
        }
        ended(book.follow(runId, parts.clock().millis()));
        commit();
    }

    /** What the log says of a deleted run is true at once, and for ever: also of its records that come later. */
    private void delete(String runId) {
        commit(); // so that this transaction sees all of its rows
        Optional<Integer> runKey = book.delete(runId);
        if (runKey.isPresent()) {
            long rows = writer.deleteRun(runKey.get());
            deleted.add(runId);
            LOG.info("Run {} was deleted: {} rows", runId, rows);
        }
    }

    /** Makes everything that was read part of history. */
    void commit() {
        List<OutboxAlert.Key> acknowledged = parts.outbox().takeAcknowledged();
        if (moved.isEmpty() && !book.hasChanges() && acknowledged.isEmpty()) {
            inHistory = readUpToTheirEnds();
            return;
        }
        if (!acknowledged.isEmpty()) {
            writer.published(acknowledged);
        }
        Feed.Changes changes = new Feed.Changes(
                book.save(writer),
                List.copyOf(epochs),
                Stream.concat(transitions.stream().map(t -> t.alert().getAlertId()), judged.stream())
                        .collect(Collectors.toCollection(LinkedHashSet::new)),
                Set.copyOf(commands),
                List.copyOf(deleted));
        writer.commit(
                moved.entrySet().stream()
                        .map(e -> new PartitionOffset(
                                e.getKey().topic(), e.getKey().partition(), e.getValue()))
                        .toList(),
                counters);
        inHistory = readUpToTheirEnds();
        committedAtNanos = parts.nanoTime().getAsLong();
        rows = 0;
        moved.clear();
        epochs.clear();
        commands.clear();
        deleted.clear();
        judged.clear();
        parts.outbox().publish(List.copyOf(transitions));
        transitions.clear();
        parts.feed().committed(changes);
    }

    /**
     * Records that have not been read yet. While nothing is read no fetch tells where the log ends, so Kafka is asked, which
     * blocks for two seconds at most.
     *
     * @throws org.apache.kafka.common.KafkaException when Kafka does not answer
     */
    long unread() {
        return consumer.endOffsets(ends.keySet(), ASK).entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - consumer.position(end.getKey())))
                .sum();
    }

    /** How it goes; {@code connected} is for others to say. */
    IngestStatus status(boolean connected) {
        long lag = 0;
        for (TopicPartition partition : ends.keySet()) {
            lag += consumer.currentLag(partition).orElse(0);
        }
        return new IngestStatus(connected, caughtUp, lag, counters, null, book.ruleNanos());
    }

    private void take(ConsumerRecords<byte[], byte[]> records) {
        for (Topic topic : READ) {
            for (ConsumerRecord<byte[], byte[]> record : records.records(topic.topicName())) {
                take(topic, record);
            }
        }
        showFresh();
    }

    private void take(Topic topic, ConsumerRecord<byte[], byte[]> record) {
        long now = parts.clock().millis();
        // while reading what others have written long ago, their clock tells when it was
        long seenAtMs = caughtUp || record.timestamp() < 0 ? now : Math.min(now, record.timestamp());
        if (record.value() == null && topic == Topic.RUNS) {
            read(record, seenAtMs); // a tombstone, of a deleted run: there is nothing to take
            return;
        }
        Decoded decoded = WireFormat.decode(record.value());
        if (topic == Topic.ANNOTATIONS && record.value() == null && record.key() != null) {
            annotated(new String(record.key(), StandardCharsets.UTF_8), null);
        } else if (decoded instanceof Decoded.Known known) {
            take(topic, record, known.envelope(), seenAtMs);
        } else if (decoded instanceof Decoded.Malformed malformed) {
            quarantine(record, malformed.reason());
        } else {
            counters = new Counters(
                    counters.records(),
                    counters.iterations(),
                    counters.malformed(),
                    counters.unknown() + 1,
                    counters.lastRecordAtMs());
        }
        read(record, seenAtMs);
    }

    private void read(ConsumerRecord<byte[], byte[]> record, long seenAtMs) {
        counters = new Counters(
                counters.records() + 1,
                counters.iterations(),
                counters.malformed(),
                counters.unknown(),
                Math.max(seenAtMs, counters.lastRecordAtMs()));
        moved.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
    }

    private void take(Topic topic, ConsumerRecord<byte[], byte[]> record, Envelope e, long seenAtMs) {
        String runId = e.getRunId();
        if (topic != Topic.ANNOTATIONS
                && (book.isSkipped(runId)
                        || seeds.cover(runId, e.getAttempt(), record.topic(), record.partition(), record.offset()))) {
            return;
        }
        if (topic == Topic.RUNS && e.hasRunStarted()) {
            book.started(runId, e.getAttempt(), e.getRunStarted(), seenAtMs);
        } else if (topic == Topic.RUNS && e.hasRunEnded()) {
            book.ended(runId, e.getAttempt(), e.getRunEnded(), seenAtMs);
        } else if (topic == Topic.ITERATIONS && e.hasIteration()) {
            lookUp(runId, e.getAttempt());
            Optional<String> problem = book.problemOf(runId, e.getAttempt(), e.getIteration());
            if (problem.isPresent()) {
                quarantine(record, problem.get());
                return;
            }
            iteration(
                    new IterationRecord(
                            runId,
                            e.getAttempt(),
                            record.partition(),
                            record.offset(),
                            e.getProducedAtMs(),
                            e.getIteration()),
                    seenAtMs);
        } else if (topic == Topic.EPOCHS && e.hasEpoch()) {
            lookUp(runId, e.getAttempt());
            EpochRecord epoch = new EpochRecord(
                    runId, e.getAttempt(), record.partition(), record.offset(), e.getProducedAtMs(), e.getEpoch());
            List<OutboxAlert> alerts = book.epoch(epoch, seenAtMs);
            writer.epoch(book.runKey(runId), epoch);
            epochs.add(epoch);
            alerted(runId, alerts);
        } else if (topic == Topic.ANNOTATIONS && e.hasRunAnnotation()) {
            // a run that history was given as it was later on is not deleted by what was said before
            boolean old = seeds.cover(runId, e.getAttempt(), record.topic(), record.partition(), record.offset());
            if (e.getRunAnnotation().getDeleted() && !old) {
                delete(runId);
            }
            annotated(runId, e.getRunAnnotation());
        } else if (topic == Topic.COMMANDS && (e.hasCommand() || e.hasAcknowledgement() || e.hasTrainerState())) {
            lookUp(runId, e.getAttempt());
            if (book.has(runId)) {
                control(record, e, seenAtMs);
            } else {
                quarantine(record, "a " + type(e) + " of run " + runId + ", which is not known");
            }
        } else if (topic == Topic.HISTOGRAMS && e.hasHistograms()) {
            lookUp(runId, e.getAttempt());
            Optional<String> problem = book.problemOf(runId, e.getAttempt(), e.getHistograms());
            if (problem.isPresent()) {
                quarantine(record, problem.get());
                return;
            }
            HistogramsRecord histograms =
                    new HistogramsRecord(runId, e.getAttempt(), e.getProducedAtMs(), e.getHistograms());
            book.histograms(histograms, seenAtMs);
            rows += writer.histograms(book.runKey(runId), histograms);
        } else {
            quarantine(
                    record,
                    "a record of type " + type(e) + " on " + record.topic() + "; accepted there is " + accepted(topic));
        }
    }

    private static String type(Envelope e) {
        return e.getBodyCase().name().toLowerCase(Locale.ROOT);
    }

    /** What goes between those who command and a trainer whose run is known. */
    private void control(ConsumerRecord<byte[], byte[]> record, Envelope e, long seenAtMs) {
        String runId = e.getRunId();
        if (e.hasTrainerState()) {
            TrainerRecord word = new TrainerRecord(
                    runId,
                    e.getAttempt(),
                    record.partition(),
                    record.offset(),
                    e.getProducedAtMs(),
                    e.getTrainerState());
            alerted(runId, book.state(word, seenAtMs));
        } else if (e.hasCommand()) {
            writer.command(book.runKey(runId), e.getAttempt(), e.getProducedAtMs(), e.getCommand());
            commands.add(new Feed.CommandKey(runId, e.getCommand().getCommandId()));
        } else {
            writer.answer(book.runKey(runId), e.getAttempt(), e.getProducedAtMs(), e.getAcknowledgement());
            commands.add(new Feed.CommandKey(runId, e.getAcknowledgement().getCommandId()));
        }
    }

    private void alerted(String runId, List<OutboxAlert> alerts) {
        for (OutboxAlert alert : alerts) {
            writer.transition(book.runKey(runId), book.alertKey(alert.alert().getAlertId()), alert);
            transitions.add(alert);
        }
    }

    private void annotated(String runId, @Nullable RunAnnotation annotation) {
        writer.annotation(runId, annotation);
        judged.addAll(book.alertsOf(runId, annotation));
        book.annotated(runId, annotation);
    }

    private void iteration(IterationRecord record, long seenAtMs) {
        if (isRepetition(record)) {
            return; // of an iteration that comes twice the first counts
        }
        List<OutboxAlert> alerts = book.iteration(record, seenAtMs);
        fresh.add(record);
        int runKey = book.runKey(record.runId());
        rows += writer.iteration(runKey, record);
        alerted(record.runId(), alerts);
        counters = new Counters(
                counters.records(),
                counters.iterations() + 1,
                counters.malformed(),
                counters.unknown(),
                counters.lastRecordAtMs());
    }

    private boolean isRepetition(IterationRecord record) {
        return switch (book.has(record)) {
            case NO -> false;
            case YES -> true;
            case PERHAPS ->
                writer.hasIteration(
                        book.runKey(record.runId()),
                        record.attempt(),
                        record.iteration().getIteration());
        };
    }

    private void showFresh() {
        if (!fresh.isEmpty()) {
            parts.feed().iterations(List.copyOf(fresh));
            fresh.clear();
        }
    }

    /**
     * An attempt is announced, and that acknowledged, before its first iteration is sent. So what is not known yet is
     * further on in the runs topic: read that first, up to its present end.
     */
    private void lookUp(String runId, int attempt) {
        if (book.knows(runId, attempt)) {
            return;
        }
        Set<TopicPartition> others = new LinkedHashSet<>(consumer.assignment());
        others.removeAll(runPartitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(runPartitions);
        consumer.pause(others);
        try {
            long begun = parts.nanoTime().getAsLong();
            while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    take(Topic.RUNS, record);
                }
                if (parts.nanoTime().getAsLong() - begun
                        > Duration.ofSeconds(30).toNanos()) {
                    throw new TimeoutException("the end of gradwatch.runs could not be read within 30 s");
                }
            }
        } finally {
            consumer.resume(others);
        }
    }

    /** The run that a key names; what is none forges no lines of the log. */
    private static String runOf(byte @Nullable [] key) {
        String text = key == null ? "" : new String(key, StandardCharsets.UTF_8);
        return RunIds.isValid(text) ? text : "";
    }

    private void quarantine(ConsumerRecord<byte[], byte[]> record, String reason) {
        LOG.atInfo()
                .addKeyValue("topic", record.topic())
                .addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset())
                .addKeyValue("run", runOf(record.key()))
                .log("A record cannot be read: {}", reason);
        counters = new Counters(
                counters.records(),
                counters.iterations(),
                counters.malformed() + 1,
                counters.unknown(),
                counters.lastRecordAtMs());
        byte[] key = record.key() == null ? new byte[0] : record.key();
        byte[] value = record.value() == null ? new byte[0] : record.value();
        writer.quarantine(new QuarantinedRecord(
                counters.malformed(),
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                new String(key, 0, Math.min(key.length, 400), StandardCharsets.UTF_8),
                reason,
                value.length,
                ByteString.copyFrom(value, 0, Math.min(value.length, QuarantinedRecord.KEPT_BYTES))));
    }

    private static String accepted(Topic topic) {
        return switch (topic) {
            case RUNS -> "run_started or run_ended";
            case ITERATIONS -> "iteration";
            case EPOCHS -> "epoch";
            case HISTOGRAMS -> "histograms";
            case ALERTS -> "alert";
            case COMMANDS -> "command, acknowledgement or trainer_state";
            case ANNOTATIONS -> "run_annotation";
            case AUDIT -> "audit_record";
        };
    }
}
