package io.gradwatch.telemetry.notify;

import io.gradwatch.contract.Decoded;
import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads {@code gradwatch.alerts} from where the journal stands, on a thread of its own; at first from its present end. Where
 * services share the work it reads the partitions of this one, from where Kafka says that the last owner stood.
 */
final class AlertFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AlertFeed.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final long RETRY_MS = 1_000;
    private static final long CLOSE_MS = 3_000;

    /** Takes what was read. */
    interface Taker {
        /**
         * Takes records, before they count as read.
         *
         * @param readUpTo the next offset of each partition that was read
         * @throws Exception they could not be taken: they are read again
         */
        void take(List<Envelope> alerts, Map<Integer, Long> readUpTo) throws Exception;
    }

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Supplier<Map<Integer, Long>> offsets;
    private final Taker taker;
    private final Supplier<Optional<Set<Integer>>> mine;
    private final Thread thread = new Thread(this::run, "notify-alerts");
    private volatile boolean closed;
    private volatile @Nullable Consumer<byte[], byte[]> present;

    /** @param mine numbers of the partitions to read; empty: all, and there is no other service */
    AlertFeed(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Supplier<Map<Integer, Long>> offsets,
            Taker taker,
            Supplier<Optional<Set<Integer>>> mine) {
        this.mine = mine;
        this.consumers = consumers;
        this.offsets = offsets;
        this.taker = taker;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        boolean said = false;
        while (!closed) {
            try (Consumer<byte[], byte[]> consumer = consumers.get()) {
                present = consumer;
                while (!closed) {
                    Optional<Set<Integer>> share = mine.get();
                    begin(consumer, share);
                    said = false;
                    while (!closed && mine.get().equals(share)) {
                        pass(consumer, share);
                    }
                }
            } catch (WakeupException e) {
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Exception e) {
                if (!said) {
                    LOG.warn("Alerts cannot be read for notifications at the moment, trying on: {}", e.toString());
                    said = true;
                }
                if (!pause()) {
                    return;
                }
            } finally {
                present = null;
            }
        }
    }

    private void begin(Consumer<byte[], byte[]> consumer, Optional<Set<Integer>> share) throws InterruptedException {
        List<PartitionInfo> known = consumer.partitionsFor(Topic.ALERTS.topicName());
        while (known == null || known.isEmpty()) { // the service is about to make it
            if (closed || !pause()) {
                throw new WakeupException();
            }
            known = consumer.partitionsFor(Topic.ALERTS.topicName());
        }
        List<TopicPartition> partitions = known.stream()
                .filter(p ->
                        share.map(numbers -> numbers.contains(p.partition())).orElse(true))
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .toList();
        consumer.assign(partitions);
        Map<Integer, Long> stand = share.isEmpty() ? offsets.get() : committed(consumer, partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<Integer, Long> first = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long end = ends.getOrDefault(partition, 0L);
            long from = stand.getOrDefault(partition.partition(), end);
            if (from > end) { // another log under the same name
                from = 0;
            }
            consumer.seek(partition, from);
            if (!stand.containsKey(partition.partition())) {
                first.put(partition.partition(), from);
            }
        }
        take(List.of(), first);
        commit(consumer, share, first);
    }

    private static Map<Integer, Long> committed(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        Map<Integer, Long> stand = new HashMap<>();
        consumer.committed(Set.copyOf(partitions)).forEach((partition, place) -> {
            if (place != null) {
                stand.put(partition.partition(), place.offset());
            }
        });
        return stand;
    }

    private static void commit(
            Consumer<byte[], byte[]> consumer, Optional<Set<Integer>> share, Map<Integer, Long> readUpTo) {
        if (share.isPresent() && !readUpTo.isEmpty()) {
            Map<TopicPartition, OffsetAndMetadata> places = new HashMap<>();
            readUpTo.forEach((number, offset) ->
                    places.put(new TopicPartition(Topic.ALERTS.topicName(), number), new OffsetAndMetadata(offset)));
            consumer.commitSync(places);
        }
    }

    private void pass(Consumer<byte[], byte[]> consumer, Optional<Set<Integer>> share) throws InterruptedException {
        if (consumer.assignment().isEmpty()) {
            Thread.sleep(POLL.toMillis());
            return;
        }
        ConsumerRecords<byte[], byte[]> records;
        try {
            records = consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            LOG.warn("Kafka has deleted alerts before they were told: {}", e.getMessage());
            consumer.seekToBeginning(e.partitions());
            return;
        }
        if (records.isEmpty()) {
            return;
        }
        List<Envelope> alerts = new ArrayList<>();
        Map<Integer, Long> readUpTo = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            readUpTo.put(record.partition(), record.offset() + 1);
            if (WireFormat.decode(record.value()) instanceof Decoded.Known known
                    && known.envelope().hasAlert()) {
                alerts.add(known.envelope());
            }
        }
        take(alerts, readUpTo);
        commit(consumer, share, readUpTo);
    }

    private void take(List<Envelope> alerts, Map<Integer, Long> readUpTo) throws InterruptedException {
        boolean said = false;
        while (!closed) {
            try {
                taker.take(alerts, readUpTo);
                return;
            } catch (Exception e) {
                if (!said) {
                    LOG.warn("Alerts cannot be taken for notifications at the moment, trying on: {}", e.toString());
                    said = true;
                }
                Thread.sleep(RETRY_MS);
            }
        }
    }

    private boolean pause() {
        try {
            Thread.sleep(RETRY_MS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        Consumer<byte[], byte[]> reading = present;
        if (reading != null) {
            reading.wakeup();
        }
        thread.interrupt();
        try {
            thread.join(CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (KafkaException e) {
            LOG.debug("Closing", e);
        }
    }
}
