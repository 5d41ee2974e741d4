package io.gradwatch.telemetry.history;

import io.gradwatch.contract.v1.BatchNorm;
import io.gradwatch.contract.v1.Layer;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.runs.RunTracker;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes runs into a history the way ingest does. */
public final class HistoryFixture {
    private final HistoryWriter writer;
    private final Map<String, RunTracker> trackers = new HashMap<>();
    private final Map<String, Integer> keys = new HashMap<>();

    public HistoryFixture(History history) {
        this.writer = history.writer();
    }

    /** A description with this many layers and BN layers. */
    public static RunStarted started(String name, int layers, int batchNorms) {
        RunStarted.Builder started = RunStarted.newBuilder()
                .setName(name)
                .setPreset("vgg38")
                .setStartedAtMs(1_795_449_912_345L)
                .addTags("nightly")
                .putConfiguration("preset", "vgg38")
                .putConfiguration("lr", "0.001");
        for (int i = 0; i < layers; i++) {
            started.addLayers(Layer.newBuilder()
                    .setIndex(i)
                    .setName("layer " + i)
                    .setType("conv2d")
                    .setMainPath(true)
                    .addShape(32)
                    .addShape(3));
        }
        for (int i = 0; i < batchNorms; i++) {
            started.addBatchNorms(BatchNorm.newBuilder()
                    .setIndex(i)
                    .setName("bn " + i)
                    .setLayer(i)
                    .setChannels(32));
        }
        return started.build();
    }

    public void start(String runId, int attempt, RunStarted started) {
        boolean isNew = !keys.containsKey(runId);
        keys.computeIfAbsent(runId, id -> writer.newRunKey());
        trackers.computeIfAbsent(runId, id -> RunTracker.announced(id, attempt, started, 1_000))
                .started(attempt, started, 1_000);
        save(runId, isNew, true);
    }

    public void end(String runId, int attempt, RunStarted started) {
        RunTracker tracker = trackers.get(runId);
        if (tracker == null) {
            throw new IllegalArgumentException("start " + runId + " first");
        }
        RunEnded ended = RunEnded.newBuilder()
                .setStarted(started)
                .setOutcome(RunEnded.Outcome.FINISHED)
                .setEndedAtMs(1_795_449_999_000L)
                .build();
        tracker.ended(attempt, ended, 3_000);
        save(runId, false, true);
    }

    public void append(List<IterationRecord> records) {
        for (IterationRecord record : records) {
            String runId = record.runId();
            RunTracker tracker = trackers.get(runId);
            if (tracker == null) {
                throw new IllegalArgumentException("start " + runId + " first");
            }
            tracker.iteration(record, 2_000);
            writer.iteration(key(runId), record);
        }
        records.stream().map(IterationRecord::runId).distinct().forEach(runId -> save(runId, false, false));
    }

    public void commit() {
        writer.commit(List.of(), Counters.NONE);
    }

    public int key(String runId) {
        Integer key = keys.get(runId);
        if (key == null) {
            throw new IllegalArgumentException(runId);
        }
        return key;
    }

    private void save(String runId, boolean isNew, boolean described) {
        RunTracker tracker = trackers.get(runId);
        if (tracker != null) {
            writer.run(key(runId), tracker.summary(), isNew, described, null);
        }
    }
}
