package io.gradwatch.listener.command;

import io.gradwatch.contract.Decoded;
import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.listener.publish.LimitedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads {@code gradwatch.commands} on a daemon thread and puts the commands of one attempt into the inbox. An outage of
 * Kafka, however long, is waited for; what was read is not read again.
 */
public final class CommandReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommandReader.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration SHORTEST_REST = Duration.ofMillis(500);
    private static final Duration LONGEST_REST = Duration.ofSeconds(10);
    private static final long CLOSE_MS = 1_000;

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final CommandInbox inbox;
    private final String runId;
    private final int attempt;
    private final long startedAtMs;
    private final LimitedLog log = new LimitedLog(LOG, System::nanoTime);
    private final Thread thread = new Thread(this::run, "gradwatch-commands");
    private final Map<TopicPartition, Long> positions = new HashMap<>(); // the thread's
    private volatile boolean closed;
    private volatile @Nullable Consumer<byte[], byte[]> consumer;

    CommandReader(
            Supplier<Consumer<byte[], byte[]>> consumers,
            CommandInbox inbox,
            String runId,
            int attempt,
            long startedAtMs) {
        this.consumers = consumers;
        this.inbox = inbox;
        this.runId = runId;
        this.attempt = attempt;
        this.startedAtMs = startedAtMs;
        thread.setDaemon(true);
    }

    /**
     * Starts to read; returns at once, whether or not Kafka answers.
     *
     * @param kafka the properties that the producer was given
     * @param startedAtMs start of the attempt: what was written before it is not read, in milliseconds since the epoch
     */
    public static CommandReader start(
            Map<String, ?> kafka, CommandInbox inbox, String runId, int attempt, long startedAtMs) {
        Map<String, Object> settings = ConsumerSettings.from(kafka);
        return new CommandReader(() -> new KafkaConsumer<>(settings), inbox, runId, attempt, startedAtMs).started();
    }

    CommandReader started() {
        thread.start();
        return this;
    }

    private void run() {
        Duration rest = SHORTEST_REST;
        while (!closed) {
            try (Consumer<byte[], byte[]> open = consumers.get()) {
                consumer = open;
                if (assign(open)) {
                    rest = SHORTEST_REST;
                    while (!closed) {
                        read(open);
                    }
                }
            } catch (WakeupException e) {
                // closed, the loop's condition says so
            } catch (RuntimeException | LinkageError e) {
                log.warn("commands cannot be read at the moment, training goes on: " + e.getMessage(), null);
            } finally {
                consumer = null;
            }
            if (!closed) {
                LockSupport.parkNanos(this, rest.toNanos());
                rest = rest.multipliedBy(2).compareTo(LONGEST_REST) < 0 ? rest.multipliedBy(2) : LONGEST_REST;
            }
        }
    }

    /** False: the topic is not there yet. */
    private boolean assign(Consumer<byte[], byte[]> open) {
        List<TopicPartition> partitions = new ArrayList<>();
        open.partitionsFor(Topic.COMMANDS.topicName())
                .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
        if (partitions.isEmpty()) {
            return false;
        }
        open.assign(partitions);
        if (!positions.keySet().containsAll(partitions)) {
            Map<TopicPartition, Long> since = new HashMap<>();
            partitions.forEach(p -> since.put(p, startedAtMs));
            Map<TopicPartition, Long> ends = open.endOffsets(partitions);
            Map<TopicPartition, OffsetAndTimestamp> firsts = open.offsetsForTimes(since);
            for (TopicPartition partition : partitions) {
                OffsetAndTimestamp first = firsts.get(partition);
                positions.putIfAbsent(partition, first == null ? ends.getOrDefault(partition, 0L) : first.offset());
            }
        }
        partitions.forEach(p -> open.seek(p, positions.getOrDefault(p, 0L)));
        return true;
    }

    private void read(Consumer<byte[], byte[]> open) {
        for (ConsumerRecord<byte[], byte[]> record : open.poll(POLL)) {
            positions.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
            if (WireFormat.decode(record.value()) instanceof Decoded.Known known) {
                Envelope envelope = known.envelope();
                if (envelope.hasCommand() && envelope.getRunId().equals(runId) && envelope.getAttempt() == attempt) {
                    inbox.add(envelope.getCommand());
                }
            }
        }
    }

    /** Stops reading; waits a second at most. */
    @Override
    public void close() {
        closed = true;
        Consumer<byte[], byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
