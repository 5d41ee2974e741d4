package io.gradwatch.telemetry.outbox;

import io.gradwatch.contract.Decoded;
import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Alert;
import io.gradwatch.telemetry.history.OutboxAlert;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads which transitions are on {@code gradwatch.alerts}. Blocks: as long as it takes to read the partitions. */
public final class PublishedAlerts implements Function<Set<Integer>, Set<OutboxAlert.Key>> {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final Supplier<Consumer<byte[], byte[]>> consumers;

    public PublishedAlerts(Supplier<Consumer<byte[], byte[]>> consumers) {
        this.consumers = consumers;
    }

    @Override
    public Set<OutboxAlert.Key> apply(Set<Integer> partitions) {
        Set<OutboxAlert.Key> found = new HashSet<>();
        if (partitions.isEmpty()) {
            return found;
        }
        List<TopicPartition> all = partitions.stream()
                .map(number -> new TopicPartition(Topic.ALERTS.topicName(), number))
                .toList();
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            long heardAt = System.nanoTime();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    heardAt = System.nanoTime();
                    if (WireFormat.decode(record.value()) instanceof Decoded.Known known
                            && known.envelope().hasAlert()) {
                        Alert alert = known.envelope().getAlert();
                        found.add(new OutboxAlert.Key(alert.getAlertId(), alert.getTransition()));
                    }
                }
                if (System.nanoTime() - heardAt > SILENCE.toNanos()) {
                    throw new TimeoutException("the end of " + Topic.ALERTS.topicName() + " could not be read");
                }
            }
        }
        return found;
    }
}
