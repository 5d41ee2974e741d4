package io.gradwatch.telemetry.tensorboard;

import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.archive.Archive;
import io.gradwatch.telemetry.archive.ArchiveException;
import io.gradwatch.telemetry.archive.Imports;
import io.gradwatch.telemetry.history.Counters;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.HistoryUnavailableException;
import io.gradwatch.telemetry.history.HistoryWriter;
import io.gradwatch.telemetry.runs.RunTracker;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes a run of scalars from an event file: all of it or nothing. Any thread; blocks. */
public final class EventFileImport {
    private static final int SHOWN = 20;

    private final Imports imports;
    private final Archive archive;
    private final Clock clock;

    public EventFileImport(Imports imports, Archive archive, Clock clock) {
        this.imports = imports;
        this.archive = archive;
        this.clock = clock;
    }

    /**
     * What was taken.
     *
     * @param notes for the user: tags that were not imported and why, and where a damaged file was left
     */
    public record Result(Imports.Imported imported, List<String> notes) {
        public Result {
            notes = List.copyOf(notes);
        }
    }

    /**
     * Takes a file.
     *
     * @param name what it is called, for messages
     * @param runId of the new run
     * @param partial whether to take what lies before a damaged place
     * @throws ArchiveException the file is damaged or has nothing that a run can hold, the run exists, or the disk refuses
     */
    public Result take(Path file, String name, String runId, boolean partial) throws ArchiveException {
        EventFileReader events;
        try {
            events = EventFileReader.read(file, name);
        } catch (IOException e) {
            throw new ArchiveException(ArchiveException.Kind.STORAGE, name + " cannot be read: " + e.getMessage(), e);
        }
        List<String> notes = new ArrayList<>();
        if (events.damage().isPresent()) {
            String damage = events.damage().get();
            if (!partial) {
                throw new ArchiveException(
                        ArchiveException.Kind.DAMAGED,
                        damage + "; nothing was imported. --partial takes the " + events.events()
                                + " events before it");
            }
            notes.add(damage + "; the " + events.events() + " events before it were imported");
        }
        Map<Target, Series> taken = events.taken();
        if (taken.isEmpty()) {
            throw new ArchiveException(
                    ArchiveException.Kind.DAMAGED,
                    name
                            + " has no scalar that a run can hold, such as loss, accuracy, learning_rate or val_loss; it has "
                            + (events.left().isEmpty()
                                    ? "none at all"
                                    : shown(events.left().keySet())));
        }
        left(events.left(), notes);
        Path scratch = archive.scratch();
        try (History history = History.open(scratch.resolve("history"), clock)) {
            fill(history.writer(), runId, name, taken);
            Path folder = scratch.resolve("run");
            return new Result(imports.made(history.files(), runId, name, folder), notes);
        } catch (HistoryUnavailableException e) {
            throw new ArchiveException(ArchiveException.Kind.STORAGE, name + " was not imported: " + e.getMessage(), e);
        } finally {
            Archive.discard(scratch);
        }
    }

    private static void left(Map<String, String> left, List<String> notes) {
        Map<String, List<String>> byReason = new TreeMap<>();
        left.forEach((tag, why) ->
                byReason.computeIfAbsent(why, w -> new ArrayList<>()).add(tag));
        byReason.forEach((why, tags) -> notes.add("not imported, because " + why + ": " + shown(tags)));
    }

    private static String shown(java.util.Collection<String> tags) {
        String first = String.join(", ", tags.stream().limit(SHOWN).toList());
        return tags.size() > SHOWN ? first + " and " + (tags.size() - SHOWN) + " more" : first;
    }

    private static void fill(HistoryWriter writer, String runId, String name, Map<Target, Series> taken) {
        TreeSet<Long> steps = new TreeSet<>();
        TreeSet<Long> epochs = new TreeSet<>();
        long first = Long.MAX_VALUE;
        long last = 0;
        for (Map.Entry<Target, Series> entry : taken.entrySet()) {
            TreeMap<Long, Series.Point> points = entry.getValue().points();
            (entry.getKey().ofEpoch() ? epochs : steps).addAll(points.keySet());
            first = Math.min(first, points.firstEntry().getValue().atMs());
            last = Math.max(last, points.lastEntry().getValue().atMs());
        }
        RunStarted started = RunStarted.newBuilder()
                .setName(runId)
                .setStartedAtMs(first)
                .setPlannedIterations(steps.isEmpty() ? 0 : steps.last() + 1)
                .setPlannedEpochs(epochs.size())
                .putConfiguration("imported_from", name)
                .addTags("tensorboard")
                .build();
        RunTracker run = RunTracker.announced(runId, 1, started, last);
        int runKey = writer.newRunKey();
        long seq = 0;
        for (long step : steps) {
            IterationRecord record = new IterationRecord(
                    runId,
                    1,
                    0,
                    seq++,
                    at(taken, step, false, first),
                    iteration(taken, step, epochs.headSet(step).size()));
            run.iteration(record, last);
            writer.iteration(runKey, record);
        }
        int number = 0;
        for (long step : epochs) {
            EpochRecord record =
                    new EpochRecord(runId, 1, 0, -1, at(taken, step, true, first), epoch(taken, step, number++));
            run.epoch(record, last);
            writer.epoch(runKey, record);
        }
        run.ended(
                1,
                RunEnded.newBuilder()
                        .setStarted(started)
                        .setOutcome(RunEnded.Outcome.FINISHED)
                        .setReason("imported from " + name)
                        .setEndedAtMs(last)
                        .setIterations(steps.size())
                        .build(),
                last);
        writer.run(runKey, run.summary(), true, true, null);
        writer.commit(List.of(), Counters.NONE);
    }

    private static Iteration iteration(Map<Target, Series> taken, long step, int epoch) {
        Iteration.Builder i = Iteration.newBuilder().setIteration(step).setEpoch(epoch);
        set(taken, Target.LOSS, step, i::setLoss);
        set(taken, Target.ACCURACY, step, i::setAccuracy);
        set(taken, Target.LEARNING_RATE, step, i::setLearningRate);
        set(taken, Target.ITERATION_MS, step, i::setIterationMs);
        set(taken, Target.TELEMETRY_MS, step, i::setTelemetryMs);
        return i.build();
    }

    private static Epoch epoch(Map<Target, Series> taken, long step, int number) {
        Epoch.Builder e = Epoch.newBuilder().setEpoch(number).setIteration(step);
        set(taken, Target.EPOCH_TRAIN_LOSS, step, e::setTrainLoss);
        set(taken, Target.EPOCH_TRAIN_ACCURACY, step, e::setTrainAccuracy);
        set(taken, Target.VALIDATION_LOSS, step, e::setValidationLoss);
        set(taken, Target.VALIDATION_ACCURACY, step, e::setValidationAccuracy);
        set(taken, Target.TEST_LOSS, step, e::setTestLoss);
        set(taken, Target.TEST_ACCURACY, step, e::setTestAccuracy);
        set(taken, Target.EPOCH_LEARNING_RATE, step, e::setLearningRate);
        set(taken, Target.EPOCH_DURATION_MS, step, e::setDurationMs);
        return e.build();
    }

    private interface Field {
        Object set(float value);
    }

    private static void set(Map<Target, Series> taken, Target target, long step, Field field) {
        Series series = taken.get(target);
        Series.Point point = series == null ? null : series.points().get(step);
        if (point != null) {
            field.set(point.value());
        }
    }

    private static long at(Map<Target, Series> taken, long step, boolean ofEpoch, long otherwise) {
        return taken.entrySet().stream()
                .filter(e -> e.getKey().ofEpoch() == ofEpoch)
                .map(e -> e.getValue().points().get(step))
                .filter(java.util.Objects::nonNull)
                .mapToLong(Series.Point::atMs)
                .findFirst()
                .orElse(otherwise);
    }
}
