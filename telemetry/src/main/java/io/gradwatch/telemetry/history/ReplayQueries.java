package io.gradwatch.telemetry.history;

import io.gradwatch.contract.v1.Histogram;
import io.gradwatch.contract.v1.Histograms;
import io.gradwatch.telemetry.runs.AttemptRange;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.HistogramsRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Places in what was recorded of a run. Any thread; every method may block, and throws {@link HistoryException}.
 *
 * <p>A place is asked for as a run was while an attempt was its newest: later attempts have replaced nothing yet.
 */
public final class ReplayQueries {
    private static final String PLACE =
            "SELECT seq, attempt, iteration, epoch, produced_at FROM iterations WHERE run_key = ?";

    private final Readers readers;

    ReplayQueries(Readers readers) {
        this.readers = readers;
    }

    /**
     * One record.
     *
     * @param producedAtMs when the trainer made it, milliseconds since the epoch
     */
    public record Place(long seq, int attempt, long iteration, long epoch, long producedAtMs) {
        private static Place of(ResultSet row) throws SQLException {
            return new Place(row.getLong(1), row.getInt(2), row.getLong(3), row.getLong(4), row.getLong(5));
        }
    }

    /** The first and the last record in the order of the log; empty for a run without iterations. */
    public List<Place> ends(RunExtent run) {
        return readers.read(c -> Sql.query(
                c,
                PLACE + " AND seq IN ((SELECT min(seq) FROM iterations WHERE run_key = ?),"
                        + " (SELECT max(seq) FROM iterations WHERE run_key = ?)) ORDER BY seq",
                Place::of,
                run.runKey(),
                run.runKey(),
                run.runKey()));
    }

    /** The newest record that counts with at most this iteration; empty when there is none. */
    public Optional<Place> at(RunExtent run, int attempt, long iteration) {
        return find(run, attempt, " AND iteration <= ?", "iteration", iteration);
    }

    /** The newest record that counts and was made at that time or before; empty when there is none. */
    public Optional<Place> atTime(RunExtent run, int attempt, long producedAtMs) {
        return find(run, attempt, " AND produced_at <= ?", "produced_at", producedAtMs);
    }

    private Optional<Place> find(RunExtent run, int attempt, String condition, String order, @Nullable Object value) {
        List<AttemptRange> known =
                run.attempts().stream().filter(a -> a.attempt() <= attempt).toList();
        RunExtent then = new RunExtent(run.runKey(), run.runId(), known, run.layers(), run.batchNorms());
        return readers.read(c -> Sql.first(
                c,
                PLACE + " AND attempt <= ? AND " + then.visible() + condition + " ORDER BY " + order
                        + " DESC, seq DESC LIMIT 1",
                Place::of,
                run.runKey(),
                attempt,
                value));
    }

    /** The epochs of all attempts, also those that a later attempt has replaced, in the order in which they ended. */
    public List<EpochRecord> epochs(RunExtent run) {
        return readers.read(c -> Sql.query(
                c,
                "SELECT * FROM epochs WHERE run_key = ? ORDER BY attempt, iteration, epoch",
                row -> RunQueries.epoch(run.runId(), row),
                run.runKey()));
    }

    /**
     * Histograms of all attempts, in the order of attempt and iteration.
     *
     * @param skip records before the first one wanted
     */
    public List<HistogramsRecord> histograms(RunExtent run, long skip, int limit) {
        record Key(int attempt, long iteration, long epoch, long producedAtMs) {}
        return readers.read(c -> {
            String page = "SELECT DISTINCT attempt, iteration FROM histograms WHERE run_key = ?"
                    + " ORDER BY attempt, iteration LIMIT " + limit + " OFFSET " + skip;
            Map<Key, Histograms.Builder> found = new LinkedHashMap<>();
            Sql.query(
                    c,
                    "SELECT h.* FROM histograms h JOIN (" + page + ") p USING (attempt, iteration)"
                            + " WHERE h.run_key = ? ORDER BY attempt, iteration, kind, layer",
                    row -> {
                        Key key = new Key(
                                row.getInt("attempt"),
                                row.getLong("iteration"),
                                row.getLong("epoch"),
                                row.getLong("produced_at"));
                        Histograms.Builder all = found.computeIfAbsent(
                                key,
                                k -> Histograms.newBuilder()
                                        .setIteration(k.iteration())
                                        .setEpoch((int) k.epoch()));
                        Histogram.Builder one = Histogram.newBuilder()
                                .setFirstBin(row.getInt("first_bin"))
                                .setZeros(row.getLong("zeros"))
                                .setBelow(row.getLong("below"))
                                .setAbove(row.getLong("above"))
                                .setNotFinite(row.getLong("not_finite"));
                        for (Object count : (Object[]) row.getArray("counts").getArray()) {
                            one.addCounts(((Number) count).longValue());
                        }
                        return row.getString("kind").equals(HistogramRows.GRADIENT)
                                ? all.addGradients(one)
                                : all.addParameters(one);
                    },
                    run.runKey(),
                    run.runKey());
            List<HistogramsRecord> records = new ArrayList<>();
            found.forEach((key, all) ->
                    records.add(new HistogramsRecord(run.runId(), key.attempt(), key.producedAtMs(), all.build())));
            return records;
        });
    }

    /** Which attempt each transition of an alert belongs to, by {@link #transition}. */
    public Map<String, Integer> attemptsOfTransitions(RunExtent run) {
        Map<String, Integer> attempts = new HashMap<>();
        readers.read(c -> Sql.query(
                c,
                "SELECT alert_id, transition, attempt FROM transitions WHERE run_key = ?",
                row -> attempts.put(transition(row.getString(1), row.getInt(2)), row.getInt(3)),
                run.runKey()));
        return attempts;
    }

    /** The name of a transition. */
    public static String transition(String alertId, int transition) {
        return alertId + "#" + transition;
    }
}
