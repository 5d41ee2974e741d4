package io.gradwatch.telemetry.lifecycle;

import io.gradwatch.contract.Topic;
import io.gradwatch.telemetry.archive.Archive;
import io.gradwatch.telemetry.archive.ArchiveException;
import io.gradwatch.telemetry.archive.Manifest;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.PartitionOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Which records are needed, as of one moment. For one thread. */
final class Needs implements RunLog.Droppable {
    private final Set<String> deleted;
    private final List<PartitionOffset> read;
    private final Archive archive;
    private final Predicate<String> archived;
    private final Map<String, Optional<Manifest>> manifests = new HashMap<>();

    private Needs(Set<String> deleted, List<PartitionOffset> read, Archive archive, Predicate<String> archived) {
        this.deleted = deleted;
        this.read = read;
        this.archive = archive;
        this.archived = archived;
    }

    /**
     * As history and the archive are now.
     *
     * @param archived whether the archive of a run stands in for its records
     */
    static Needs of(History history, Archive archive, Predicate<String> archived) {
        return new Needs(
                Set.copyOf(history.origins().deleted()), history.origins().offsets(), archive, archived);
    }

    /** Never one that history has not read. A malformed one is in the quarantine then, and of no further use. */
    @Override
    public boolean test(String runId, String topic, int partition, long offset) {
        boolean followed = !topic.equals(Topic.ALERTS.topicName());
        if (followed && offset >= next(read, topic, partition)) {
            return false;
        }
        if (runId.isEmpty() || deleted.contains(runId)) {
            return true;
        }
        Optional<Manifest> manifest = manifests.computeIfAbsent(runId, this::standIn);
        return manifest.isPresent()
                && (!followed || offset < next(manifest.get().offsets(), topic, partition));
    }

    private Optional<Manifest> standIn(String runId) {
        try {
            return archived.test(runId) ? archive.find(runId) : Optional.empty();
        } catch (ArchiveException e) {
            return Optional.empty(); // not to be relied upon
        }
    }

    private static long next(List<PartitionOffset> offsets, String topic, int partition) {
        return offsets.stream()
                .filter(o -> o.topic().equals(topic) && o.partition() == partition)
                .mapToLong(PartitionOffset::nextOffset)
                .findFirst()
                .orElse(0);
    }
}
