package io.gradwatch.telemetry.history;

import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.telemetry.query.Query;
import io.gradwatch.telemetry.query.RunOrder;
import io.gradwatch.telemetry.runs.RunSummary;
import io.gradwatch.telemetry.stream.EpochRecord;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Questions about runs. Any thread; every method may block, and throws {@link HistoryException}. */
public final class RunQueries {
    /** The number of a run as a text in the order of numbers: of equal runs the one that came last is first. */
    private static final String NUMBER = "lpad(run_key::VARCHAR, 10, '0')";

    private final Readers readers;

    RunQueries(Readers readers) {
        this.readers = readers;
    }

    /**
     * What a list of runs is to hold.
     *
     * @param after where the part before ended, in the same order; empty for the beginning
     * @param limit most runs
     */
    public record Filter(Query query, RunOrder order, Optional<Position> after, int limit) {}

    /** What a run is sorted by: first the rank, then the number, then the text. */
    public record Key(int rank, double number, String text) {}

    /**
     * A place in a list of runs.
     *
     * @param keys one for each field of the order
     * @param tie what tells equal runs apart: the id, or a number in this history
     */
    public record Position(List<Key> keys, long startedAtMs, String tie) {
        public Position {
            keys = List.copyOf(keys);
        }
    }

    /**
     * A part of a list of runs.
     *
     * @param places one for each item
     * @param next where the next part begins; empty for the last
     */
    public record Listed(List<RunSummary> items, List<Position> places, Optional<Position> next) {
        public Listed {
            items = List.copyOf(items);
            places = List.copyOf(places);
        }
    }

    /** A part of the runs that are asked for. A run that is new meanwhile moves no other from one part to the next. */
    public Page<RunSummary, Position> list(Filter filter) {
        Listed listed = listed(filter, NUMBER);
        return new Page<>(listed.items(), listed.next());
    }

    /** The same in an order that lists of several histories can be merged in: of equal ones the greatest id first. */
    public Listed listed(Filter filter) {
        return listed(filter, "r.id");
    }

    private Listed listed(Filter filter, String tie) {
        RunSorting sorting = new RunSorting(filter.order());
        Sql.Part statement = Sql.part("SELECT * FROM (SELECT run_key, " + tie + " AS tie, r.started_at AS started_at")
                .with(sorting.columns())
                .with(" FROM " + RunColumns.TABLES + " WHERE NOT coalesce(a.deleted, false) AND (")
                .with(RunConditions.of(filter.query()))
                .with("))");
        if (filter.after().isPresent()) {
            statement =
                    statement.with(" WHERE ").with(sorting.behind(filter.after().get()));
        }
        Sql.Part asked = statement.with(" ORDER BY " + sorting.orderBy() + " LIMIT " + (filter.limit() + 1));
        return readers.read(c -> {
            record Row(int runKey, Position place) {}
            List<Row> found = Sql.query(
                    c,
                    asked.sql(),
                    row -> new Row(row.getInt("run_key"), sorting.position(row)),
                    asked.arguments().toArray());
            List<Row> part = found.subList(0, Math.min(found.size(), filter.limit()));
            List<Position> places = part.stream().map(Row::place).toList();
            return new Listed(
                    summaries(c, part.stream().map(Row::runKey).toList()),
                    places,
                    found.size() > part.size() ? Optional.of(places.get(places.size() - 1)) : Optional.empty());
        });
    }

    private static List<RunSummary> summaries(Connection c, List<Integer> runKeys) throws SQLException {
        if (runKeys.isEmpty()) {
            return List.of();
        }
        String keys = String.join(", ", runKeys.stream().map(String::valueOf).toList());
        Map<Integer, RunSummary> byKey = new HashMap<>();
        RunRows.summaries(c, "run_key IN (" + keys + ")").forEach(row -> byKey.put(row.runKey(), row.run()));
        return runKeys.stream()
                .flatMap(key -> Optional.ofNullable(byKey.get(key)).stream())
                .toList();
    }

    /** The run of this id. */
    public Optional<RunSummary> find(String runId) {
        return readers.read(c -> RunRows.summaries(c, "r.id = ? AND NOT coalesce(a.deleted, false)", runId)).stream()
                .map(RunRows.Numbered::run)
                .findFirst();
    }

    /** The runs of these ids, in that order; one that is not there is left out. */
    public List<RunSummary> find(List<String> runIds) {
        return runIds.stream().flatMap(id -> find(id).stream()).toList();
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

    /** When the first iteration that counts was made, milliseconds since the epoch by the trainer's clock; empty without any. */
    public OptionalLong origin(RunExtent run) {
        return readers.read(c -> Sql.first(
                        c,
                        "SELECT min(produced_at) AS origin FROM iterations WHERE run_key = " + run.runKey() + " AND "
                                + run.visible(),
                        row -> {
                            Long origin = Sql.maybeLong(row, "origin");
                            return origin == null ? OptionalLong.empty() : OptionalLong.of(origin);
                        })
                .orElse(OptionalLong.empty()));
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
