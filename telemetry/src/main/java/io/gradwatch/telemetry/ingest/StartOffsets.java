package io.gradwatch.telemetry.ingest;

import io.gradwatch.telemetry.history.PartitionOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where to begin to read: where history ends, as far as the log still has that. */
final class StartOffsets {
    private static final Logger LOG = LoggerFactory.getLogger(StartOffsets.class);

    private StartOffsets() {}

    static Map<TopicPartition, Long> of(
            List<PartitionOffset> history, Map<TopicPartition, Long> beginnings, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> starts = new HashMap<>(beginnings);
        for (PartitionOffset offset : history) {
            TopicPartition partition = new TopicPartition(offset.topic(), offset.partition());
            long next = offset.nextOffset();
            Long begin = beginnings.get(partition);
            Long end = ends.get(partition);
            if (begin == null || end == null) {
                LOG.warn("{} was read up to offset {}, but it is gone", partition, next);
            } else if (next < begin) {
                LOG.warn("Kafka has deleted records {} to {} of {} before they were read", next, begin - 1, partition);
            } else if (next > end) {
                LOG.warn("{} ends at offset {}, but was read up to {}: Kafka has lost records", partition, end, next);
                starts.put(partition, end);
            } else {
                starts.put(partition, next);
            }
        }
        return starts;
    }
}
