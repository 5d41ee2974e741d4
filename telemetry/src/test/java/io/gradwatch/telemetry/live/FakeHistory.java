package io.gradwatch.telemetry.live;

import io.gradwatch.telemetry.stream.IterationRecord;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;

/** History in memory, which answers after a random moment of up to {@code slowestMs}, on some other thread. */
final class FakeHistory implements Backfill {
    final Map<String, NavigableMap<Long, IterationRecord>> runs = new ConcurrentHashMap<>();
    volatile boolean broken;
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
                .toList());
    }

    @Override
    public Future<Long> seqOfNewest(String runId, int n, long beforeSeq) {
        return later(() -> run(runId).headMap(beforeSeq, false).descendingMap().keySet().stream()
                .skip(n - 1)
                .findFirst()
                .orElse(-1L));
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
