package io.gradwatch.telemetry.history;

import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.telemetry.runs.RunPhase;
import io.gradwatch.telemetry.runs.RunSummary;
import io.gradwatch.telemetry.stream.EpochRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Questions about runs. Any thread; every method may block, and throws {@link HistoryException}. */
public final class RunQueries {
    private final Readers readers;

    RunQueries(Readers readers) {
        this.readers = readers;
    }

    /**
     * What a list of runs is to hold.
     *
     * @param text substring of id, name, preset or a tag, in any case; empty for all
     * @param after where the part before ended; empty for the beginning
     * @param limit most runs
     */
    public record Filter(
            String text, Optional<RunPhase> phase, Optional<String> tag, Optional<Position> after, int limit) {}

    /** A place in the list of runs: newest first. */
    public record Position(long startedAtMs, int runKey) {}

    /** Runs, newest first. */
    public Page<RunSummary, Position> list(Filter filter) {
        List<Object> arguments = new ArrayList<>();
        StringBuilder where = new StringBuilder("true");
        if (!filter.text().isEmpty()) {
            where.append(" AND (contains(lower(r.id), lower(?)) OR contains(lower(r.name), lower(?))"
                    + " OR contains(lower(r.preset), lower(?))"
                    + " OR len(list_filter(r.tags, lambda t: contains(lower(t), lower(?)))) > 0)");
            for (int i = 0; i < 4; i++) {
                arguments.add(filter.text());
            }
        }
        filter.phase().ifPresent(phase -> {
            where.append(" AND p.phase = ?");
            arguments.add(phase.label());
        });
        filter.tag().ifPresent(tag -> {
            where.append(" AND list_contains(r.tags, ?)");
            arguments.add(tag);
        });
        filter.after().ifPresent(after -> {
            where.append(" AND (r.started_at < ? OR (r.started_at = ? AND run_key < ?))");
            arguments.add(after.startedAtMs());
            arguments.add(after.startedAtMs());
            arguments.add(after.runKey());
        });
        where.append(" ORDER BY r.started_at DESC, run_key DESC LIMIT ").append(filter.limit() + 1);
        List<RunRows.Numbered> found = readers.read(c -> RunRows.summaries(c, where.toString(), arguments.toArray()));
        List<RunRows.Numbered> part = found.subList(0, Math.min(found.size(), filter.limit()));
        return new Page<>(
                part.stream().map(RunRows.Numbered::run).toList(),
                found.size() > part.size() ? Optional.of(position(part.get(part.size() - 1))) : Optional.empty());
    }

    private static Position position(RunRows.Numbered row) {
        return new Position(row.run().startedAtMs(), row.runKey());
    }

    /** The run of this id. */
    public Optional<RunSummary> find(String runId) {
        return readers.read(c -> RunRows.summaries(c, "r.id = ?", runId)).stream()
                .map(RunRows.Numbered::run)
                .findFirst();
    }

    /** Which iterations history has of a run; empty when there is no such run. */
    public Optional<RunExtent> extent(String runId) {
        return readers.read(c -> RunExtent.find(c, runId));
    }

    /** A run's epochs in ascending order; of an epoch that was made again the newest attempt's. */
    public List<EpochRecord> epochs(RunExtent run) {
        return readers.read(c -> Sql.query(
                c,
                "SELECT * FROM epochs WHERE run_key = ? AND " + run.visible()
                        + " QUALIFY row_number() OVER (PARTITION BY epoch ORDER BY attempt DESC, produced_at DESC) = 1"
                        + " ORDER BY epoch",
                row -> epoch(run.runId(), row),
                run.runKey()));
    }

    static EpochRecord epoch(String runId, ResultSet row) throws SQLException {
        Epoch.Builder e =
                Epoch.newBuilder().setEpoch((int) row.getLong("epoch")).setIteration(row.getLong("iteration"));
        Float trainLoss = Sql.maybeFloat(row, "train_loss");
        if (trainLoss != null) {
            e.setTrainLoss(trainLoss);
        }
        Float trainAccuracy = Sql.maybeFloat(row, "train_accuracy");
        if (trainAccuracy != null) {
            e.setTrainAccuracy(trainAccuracy);
        }
        Float validationLoss = Sql.maybeFloat(row, "validation_loss");
        if (validationLoss != null) {
            e.setValidationLoss(validationLoss);
        }
        Float validationAccuracy = Sql.maybeFloat(row, "validation_accuracy");
        if (validationAccuracy != null) {
            e.setValidationAccuracy(validationAccuracy);
        }
        Float learningRate = Sql.maybeFloat(row, "learning_rate");
        if (learningRate != null) {
            e.setLearningRate(learningRate);
        }
        Float durationMs = Sql.maybeFloat(row, "duration_ms");
        if (durationMs != null) {
            e.setDurationMs(durationMs);
        }
        Float testLoss = Sql.maybeFloat(row, "test_loss");
        if (testLoss != null) {
            e.setTestLoss(testLoss);
        }
        Float testAccuracy = Sql.maybeFloat(row, "test_accuracy");
        if (testAccuracy != null) {
            e.setTestAccuracy(testAccuracy);
        }
        return new EpochRecord(runId, row.getInt("attempt"), -1, -1, row.getLong("produced_at"), e.build());
    }
}
