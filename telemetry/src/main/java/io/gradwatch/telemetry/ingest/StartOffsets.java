package io.gradwatch.telemetry.ingest;

import io.gradwatch.telemetry.history.Loss;
import io.gradwatch.telemetry.history.PartitionOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where to begin to read: where history ends, as far as the log still has that.
 *
 * @param positions of all partitions
 * @param losses what Kafka has deleted before it was read
 */
record StartOffsets(Map<TopicPartition, Long> positions, List<Loss> losses) {
    private static final Logger LOG = LoggerFactory.getLogger(StartOffsets.class);

    static StartOffsets of(
            List<PartitionOffset> history,
            Map<TopicPartition, Long> beginnings,
            Map<TopicPartition, Long> ends,
            long nowMs) {
        Map<TopicPartition, Long> starts = new HashMap<>(beginnings);
        List<Loss> losses = new ArrayList<>();
        for (PartitionOffset offset : history) {
            TopicPartition partition = new TopicPartition(offset.topic(), offset.partition());
            long next = offset.nextOffset();
            Long begin = beginnings.get(partition);
            Long end = ends.get(partition);
            if (begin == null || end == null) {
                LOG.warn("{} was read up to offset {}, but it is gone", partition, next);
            } else if (next < begin) {
                LOG.warn(
                        "Kafka has deleted {} records of {} (offsets {} to {}) before they were read; going on at {}",
                        begin - next,
                        partition,
                        next,
                        begin - 1,
                        begin);
                losses.add(new Loss(offset.topic(), offset.partition(), next, begin - 1, nowMs));
            } else if (next > end) {
                LOG.warn("{} ends at offset {}, but was read up to {}: Kafka has lost records", partition, end, next);
                starts.put(partition, end);
            } else {
                starts.put(partition, next);
            }
        }
        return new StartOffsets(starts, losses);
    }

    /** Where the partitions with losses go on, for history: so each loss is counted once. */
    List<PartitionOffset> behindLosses() {
        return losses.stream()
                .map(loss -> new PartitionOffset(loss.topic(), loss.partition(), loss.lastOffset() + 1))
                .toList();
    }
}
