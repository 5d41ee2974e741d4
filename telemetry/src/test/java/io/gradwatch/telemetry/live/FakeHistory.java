package io.gradwatch.telemetry.live;

import io.gradwatch.telemetry.live.Recording.Place;
import io.gradwatch.telemetry.runs.AttemptRange;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** History in memory, which answers after a random moment of up to {@code slowestMs}, on some other thread. */
final class FakeHistory implements Backfill {
    final Map<String, NavigableMap<Long, IterationRecord>> runs = new ConcurrentHashMap<>();
    final Map<String, List<Recording.Mark>> marks = new ConcurrentHashMap<>();
    final Map<String, Long> iterationsPerEpoch = new ConcurrentHashMap<>();
    volatile boolean broken;
    /** Records read so far. */
    final AtomicLong read = new AtomicLong();

    private final Vertx vertx;
    private final int slowestMs;

    FakeHistory(Vertx vertx, int slowestMs) {
        this.vertx = vertx;
        this.slowestMs = slowestMs;
    }

    void announce(String runId) {
        runs.computeIfAbsent(runId, r -> new ConcurrentSkipListMap<>());
    }

    void commit(List<IterationRecord> records) {
        for (IterationRecord record : records) {
            announce(record.runId());
            run(record.runId()).put(record.seq(), record);
        }
    }

    private NavigableMap<Long, IterationRecord> run(String runId) {
        NavigableMap<Long, IterationRecord> run = runs.get(runId);
        return run == null ? new ConcurrentSkipListMap<>() : run;
    }

    @Override
    public Future<Optional<RunView>> describe(String runId) {
        return later(() -> runs.containsKey(runId)
                ? Optional.of(new RunView(
                        new JsonObject().put("id", runId),
                        new JsonArray().add(new JsonObject().put("index", 0)),
                        new JsonArray()))
                : Optional.empty());
    }

    @Override
    public Future<List<IterationRecord>> range(String runId, long fromSeq, long beforeSeq, int limit) {
        return later(() -> run(runId).subMap(fromSeq, beforeSeq).values().stream()
                .limit(limit)
                .peek(record -> read.incrementAndGet())
                .toList());
    }

    @Override
    public Future<Long> seqOfNewest(String runId, int n, long beforeSeq) {
        return later(() -> run(runId).headMap(beforeSeq, false).descendingMap().keySet().stream()
                .skip(n - 1)
                .findFirst()
                .orElse(-1L));
    }

    @Override
    public Future<Optional<Recording>> recording(String runId) {
        return later(() -> runs.containsKey(runId) ? Optional.of(recordingOf(runId)) : Optional.empty());
    }

    private Recording recordingOf(String runId) {
        NavigableMap<Long, IterationRecord> run = run(runId);
        Map<Integer, AttemptRange> attempts = new TreeMap<>();
        run.values().forEach(r -> {
            long i = r.iteration().getIteration();
            attempts.merge(
                    r.attempt(),
                    new AttemptRange(r.attempt(), i, i, 1),
                    (a, b) -> new AttemptRange(
                            a.attempt(),
                            Math.min(a.firstIteration(), i),
                            Math.max(a.lastIteration(), i),
                            a.records() + 1));
        });
        return new Recording(
                new RunView(
                        new JsonObject().put("id", runId),
                        new JsonArray().add(new JsonObject().put("index", 0)),
                        new JsonArray()),
                iterationsPerEpoch.getOrDefault(runId, 0L),
                run.isEmpty() ? Place.NONE : place(run.firstEntry().getValue()),
                run.isEmpty() ? Place.NONE : place(run.lastEntry().getValue()),
                attempts.values().stream()
                        .mapToLong(AttemptRange::firstIteration)
                        .min()
                        .orElse(0),
                counting(runId, Integer.MAX_VALUE)
                        .mapToLong(r -> r.iteration().getIteration())
                        .max()
                        .orElse(-1),
                List.copyOf(attempts.values()),
                marks.getOrDefault(runId, List.of()));
    }

    /** Records that count while an attempt is the newest. */
    private Stream<IterationRecord> counting(String runId, int attempt) {
        List<IterationRecord> known =
                run(runId).values().stream().filter(r -> r.attempt() <= attempt).toList();
        Map<Integer, Long> first = new TreeMap<>();
        known.forEach(r -> first.merge(r.attempt(), r.iteration().getIteration(), Math::min));
        return known.stream()
                .filter(r -> first.entrySet().stream()
                        .noneMatch(a -> a.getKey() > r.attempt()
                                && a.getValue() <= r.iteration().getIteration()));
    }

    private static Place place(IterationRecord r) {
        return new Place(
                r.seq(),
                r.attempt(),
                r.iteration().getIteration(),
                r.iteration().getEpoch(),
                r.producedAtMs());
    }

    @Override
    public Future<Optional<Place>> placeOf(String runId, int attempt, long iteration) {
        return later(() -> counting(runId, attempt)
                .filter(r -> r.iteration().getIteration() <= iteration)
                .max(Comparator.comparingLong(r -> r.iteration().getIteration()))
                .map(FakeHistory::place));
    }

    @Override
    public Future<Optional<Place>> placeAtTime(String runId, int attempt, long producedAtMs) {
        return later(() -> counting(runId, attempt)
                .filter(r -> r.producedAtMs() <= producedAtMs)
                .max(Comparator.comparingLong(IterationRecord::producedAtMs))
                .map(FakeHistory::place));
    }

    private interface Answer<T> {
        T get();
    }

    private <T> Future<T> later(Answer<T> answer) {
        Promise<T> promise = Promise.promise();
        Runnable complete = () -> {
            if (broken) {
                promise.fail("the disk is on fire");
            } else {
                promise.complete(answer.get());
            }
        };
        if (slowestMs == 0) {
            complete.run();
        } else {
            vertx.setTimer(1 + ThreadLocalRandom.current().nextInt(slowestMs), id -> complete.run());
        }
        return promise.future();
    }
}
