package io.gradwatch.telemetry.republish;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.RunStarted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * All records of a run in the order in which they were made: what the log still has, byte for byte, and before that what
 * history has of the rest. Every attempt begins with its start, also where the log keeps only the run's end.
 */
final class RunRecords implements AutoCloseable {
    /** Clocks of trainers and brokers differ. */
    private static final long TOLERANCE_MS = 600_000;

    private final Iterator<Stored> records;
    private final RunStarted description;
    private final List<LogRecords> open = new ArrayList<>();
    private final Set<Integer> started = new HashSet<>();
    private final int partitions;
    private Stored waiting;
    private boolean hasWaiting;

    @SuppressWarnings("NullAway.Init") // waiting only counts with hasWaiting
    RunRecords(Map<String, Object> settings, HistoryRecords history, String runId) {
        List<Stored> runs = list(open(settings, Topic.RUNS, runId, 0));
        List<Stored> known = runs.isEmpty() ? list(history.read(runId, Topic.RUNS, Long.MAX_VALUE)) : runs;
        if (known.isEmpty()) {
            throw new RepublishException("neither the log nor history has run " + runId);
        }
        Envelope newest = known.get(known.size() - 1).envelope();
        description = newest.hasRunEnded() ? newest.getRunEnded().getStarted() : newest.getRunStarted();
        long since = description.getStartedAtMs() == 0
                ? 0
                : known.stream()
                                .mapToLong(r -> r.envelope().getProducedAtMs())
                                .reduce(description.getStartedAtMs(), Math::min)
                        - TOLERANCE_MS;
        // an attempt that was resumed tells when it began itself, not when the run did
        long first = newest.getAttempt() > 1 ? 0 : since;
        LogRecords iterations = open(settings, Topic.ITERATIONS, runId, first);
        partitions = iterations.partitions();
        List<Iterator<Stored>> sequences = new ArrayList<>();
        sequences.add(known.iterator());
        sequences.add(
                iterations.begin() == 0
                        ? iterations
                        : then(history.read(runId, Topic.ITERATIONS, iterations.begin()), iterations));
        for (Topic topic : List.of(Topic.EPOCHS, Topic.HISTOGRAMS)) {
            LogRecords log = open(settings, topic, runId, first);
            sequences.add(log.begin() == 0 ? log : completed(history.read(runId, topic, Long.MAX_VALUE), log));
        }
        records = new Merged(sequences);
    }

    /** Partitions of the run's topic. */
    int partitions() {
        return partitions;
    }

    boolean hasNext() {
        return hasWaiting || records.hasNext();
    }

    Stored next() {
        if (hasWaiting) {
            hasWaiting = false;
            return waiting;
        }
        Stored record = records.next();
        Envelope envelope = record.envelope();
        if (started.add(envelope.getAttempt()) && !envelope.hasRunStarted()) {
            waiting = record;
            hasWaiting = true;
            return Stored.of(
                    Topic.RUNS,
                    envelope.toBuilder().clearBody().setRunStarted(description).build());
        }
        return record;
    }

    private LogRecords open(Map<String, Object> settings, Topic topic, String runId, long since) {
        LogRecords log = new LogRecords(settings, topic, runId, since);
        open.add(log);
        return log;
    }

    /** What history has and the log has not, then the log; these topics are small enough for a list. */
    private static Iterator<Stored> completed(Iterator<Stored> history, Iterator<Stored> log) {
        List<Stored> inLog = list(log);
        Set<String> there = new HashSet<>();
        inLog.forEach(record -> there.add(record.identity()));
        List<Stored> missing = list(history).stream()
                .filter(record -> !there.contains(record.identity()))
                .toList();
        return Stream.concat(missing.stream(), inLog.stream()).iterator();
    }

    private static Iterator<Stored> then(Iterator<Stored> first, Iterator<Stored> second) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return first.hasNext() || second.hasNext();
            }

            @Override
            public Stored next() {
                return first.hasNext() ? first.next() : second.next();
            }
        };
    }

    private static List<Stored> list(Iterator<Stored> records) {
        Iterable<Stored> once = () -> records;
        return StreamSupport.stream(once.spliterator(), false).toList();
    }

    @Override
    public void close() {
        open.forEach(LogRecords::close);
    }
}
