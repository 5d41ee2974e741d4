package io.gradwatch.telemetry.rebuild;

import io.gradwatch.telemetry.history.PartitionOffset;
import io.gradwatch.telemetry.ingest.Seeds;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs that are taken from elsewhere than the log, and which of their records that makes superfluous. */
final class Kept implements Seeds {
    private final Map<String, Map<String, Long>> upTo = new HashMap<>();
    private final Map<String, Integer> attempts = new HashMap<>();
    private final Set<String> all = new HashSet<>();

    /** A run as it was when the log had been read so far. */
    void upTo(String runId, List<PartitionOffset> offsets) {
        Map<String, Long> next = new HashMap<>();
        offsets.forEach(o -> next.put(place(o.topic(), o.partition()), o.nextOffset()));
        upTo.put(runId, next);
        all.add(runId);
    }

    /** A run that came from another log: it is complete up to this attempt. */
    void withAttempts(String runId, int newest) {
        attempts.put(runId, newest);
        all.add(runId);
    }

    boolean has(String runId) {
        return all.contains(runId);
    }

    @Override
    public boolean cover(String runId, int attempt, String topic, int partition, long offset) {
        Integer newest = attempts.get(runId);
        if (newest != null) {
            return attempt <= newest;
        }
        Map<String, Long> next = upTo.get(runId);
        return next != null && offset < next.getOrDefault(place(topic, partition), 0L);
    }

    private static String place(String topic, int partition) {
        return topic + "-" + partition;
    }
}
