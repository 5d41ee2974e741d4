package io.gradwatch.launcher.twin;

import io.gradwatch.contract.Decoded;
import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Acknowledgement;
import io.gradwatch.contract.v1.Command;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.launcher.broker.KafkaAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the commands to one launcher from {@code gradwatch.commands}, has them obeyed, and answers each once. */
final class TwinCommands implements AutoCloseable {
    /** Starts a twin. */
    @FunctionalInterface
    interface Starter {
        /**
         * @return completes with the id of its run
         * @throws IllegalArgumentException it is not started; the message is for a person
         */
        CompletableFuture<String> start(String preset, Map<String, String> options);
    }

    private static final Logger LOG = LoggerFactory.getLogger(TwinCommands.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final long REST_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long CLOSE_MS = 2_000;

    private final String launcher;
    private final KafkaAddress kafka;
    private final Starter starter;
    private final long startedAtMs = System.currentTimeMillis();
    private final Thread thread = new Thread(this::run, "twin-commands");
    private final Map<TopicPartition, Long> positions = new HashMap<>(); // the thread's
    private final Set<String> seen = new HashSet<>(); // the thread's
    private final Object lock = new Object();
    private volatile boolean closed;
    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private @Nullable Producer<byte[], byte[]> producer; // guarded by lock

    TwinCommands(String launcher, KafkaAddress kafka, Starter starter) {
        this.launcher = launcher;
        this.kafka = kafka;
        this.starter = starter;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            try (Consumer<byte[], byte[]> open = new KafkaConsumer<>(
                    settings("gradwatch-launcher"), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer = open;
                boolean there = assign(open);
                while (there && !closed) {
                    for (ConsumerRecord<byte[], byte[]> record : open.poll(POLL)) {
                        positions.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
                        take(record.value());
                    }
                }
            } catch (WakeupException e) {
                // closed
            } catch (RuntimeException e) {
                LOG.debug("Commands cannot be read at the moment", e);
            } finally {
                consumer = null;
            }
            if (!closed) {
                LockSupport.parkNanos(this, REST_NANOS);
            }
        }
    }

    private Map<String, Object> settings(String client) {
        Map<String, Object> all = new HashMap<>();
        kafka.settings().forEach((name, value) -> all.put(String.valueOf(name), value));
        all.put("client.id", client);
        all.put("allow.auto.create.topics", false);
        all.put("enable.auto.commit", false);
        all.put("auto.offset.reset", "latest");
        all.put("default.api.timeout.ms", 5_000);
        all.remove("group.id");
        return all;
    }

    private boolean assign(Consumer<byte[], byte[]> open) {
        List<TopicPartition> partitions = new ArrayList<>();
        open.partitionsFor(Topic.COMMANDS.topicName())
                .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
        if (partitions.isEmpty()) {
            return false;
        }
        open.assign(partitions);
        if (positions.isEmpty()) {
            Map<TopicPartition, Long> since = new HashMap<>();
            partitions.forEach(p -> since.put(p, startedAtMs));
            Map<TopicPartition, Long> ends = open.endOffsets(partitions);
            Map<TopicPartition, OffsetAndTimestamp> firsts = open.offsetsForTimes(since);
            for (TopicPartition partition : partitions) {
                OffsetAndTimestamp first = firsts.get(partition);
                positions.put(partition, first == null ? ends.getOrDefault(partition, 0L) : first.offset());
            }
        }
        positions.forEach(open::seek);
        return true;
    }

    private void take(byte @Nullable [] value) {
        if (!(WireFormat.decode(value) instanceof Decoded.Known known)
                || !known.envelope().hasCommand()) {
            return;
        }
        Envelope envelope = known.envelope();
        Command command = envelope.getCommand();
        boolean mine =
                command.hasStartTwin() && command.getStartTwin().getLauncher().equals(launcher);
        if (!mine || !seen.add(command.getCommandId())) {
            return;
        }
        long nowMs = System.currentTimeMillis();
        if (command.getExpiresAtMs() != 0 && nowMs > command.getExpiresAtMs()) {
            answer(envelope, null, "it came too late");
            return;
        }
        CompletableFuture<String> begun;
        try {
            begun = starter.start(
                    command.getStartTwin().getPreset(), command.getStartTwin().getOptionsMap());
        } catch (RuntimeException e) {
            begun = CompletableFuture.failedFuture(e);
        }
        var unused = begun.whenComplete(
                (runId, failure) -> answer(envelope, runId, failure == null ? "" : Twins.reasonOf(failure)));
    }

    private void answer(Envelope to, @Nullable String startedRunId, String reason) {
        Acknowledgement.Builder answer =
                Acknowledgement.newBuilder().setCommandId(to.getCommand().getCommandId());
        if (startedRunId == null) {
            answer.setOutcome(Acknowledgement.Outcome.REFUSED).setReason(reason);
        } else {
            answer.setOutcome(Acknowledgement.Outcome.APPLIED)
                    .setDetail("training as " + startedRunId)
                    .setStartedRunId(startedRunId);
        }
        Envelope envelope = Envelope.newBuilder()
                .setSchemaVersion(WireFormat.SCHEMA_VERSION)
                .setRunId(to.getRunId())
                .setAttempt(to.getAttempt())
                .setProducedAtMs(System.currentTimeMillis())
                .setAcknowledgement(answer)
                .build();
        synchronized (lock) {
            if (closed) {
                return;
            }
            try {
                Producer<byte[], byte[]> present = producer;
                if (present == null) {
                    Map<String, Object> settings = settings("gradwatch-launcher-answers");
                    settings.put("acks", "all");
                    settings.put("max.block.ms", 5_000);
                    present = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
                    producer = present;
                }
                var unused = present.send(new ProducerRecord<>(
                        Topic.COMMANDS.topicName(), WireFormat.key(envelope.getRunId()), WireFormat.encode(envelope)));
            } catch (RuntimeException e) {
                LOG.warn("An answer did not reach Kafka: {}", e.toString());
            }
        }
    }

    /** Stops reading. Waits for three seconds at most. */
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
        synchronized (lock) {
            if (producer != null) {
                producer.close(Duration.ofSeconds(1));
            }
        }
    }
}
