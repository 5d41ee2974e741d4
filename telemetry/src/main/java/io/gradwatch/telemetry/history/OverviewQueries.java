package io.gradwatch.telemetry.history;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Layer;
import io.gradwatch.telemetry.runs.Attention;
import io.gradwatch.telemetry.runs.RunSummary;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Overviews of runs, many at a time. Any thread; methods block, and throw {@link HistoryException}.
 *
 * <p>What was measured of a run changes only with its newest sequence number, so it is kept until that rises: of runs that
 * have ended nothing is computed twice. Alerts are read every time.
 */
public final class OverviewQueries {
    /** Runs of which what was measured is kept. */
    static final int KEPT = 1_000;

    /** Newest iteration times that are averaged. */
    private static final int TIMES = 20;

    private static final Metric LOSS = Metric.of("loss").orElseThrow();

    private final Readers readers;
    private final Map<Key, Measured> kept = new LinkedHashMap<>(64, 0.75f, true); // guarded by itself

    OverviewQueries(Readers readers) {
        this.readers = readers;
    }

    private record Key(int runKey, int buckets) {}

    private record Measured(
            long seq,
            RunOverview.@Nullable Layers layers,
            OptionalDouble iterationMs,
            Buckets range,
            List<Bucket> loss) {}

    /**
     * Overviews of the runs of these ids, in that order; a run that is not there is left out.
     *
     * @param buckets of the loss, at most
     */
    public List<RunOverview> of(List<String> runIds, int buckets) {
        if (runIds.isEmpty()) {
            return List.of();
        }
        return readers.read(c -> {
            Map<String, RunRows.Numbered> found = new HashMap<>();
            String marks = String.join(", ", runIds.stream().map(id -> "?").toList());
            RunRows.summaries(c, "r.id IN (" + marks + ") AND NOT coalesce(a.deleted, false)", runIds.toArray())
                    .forEach(row -> found.put(row.run().id(), row));
            Map<Integer, List<Alert>> alerts = openAlerts(
                    c, found.values().stream().map(RunRows.Numbered::runKey).toList());
            List<RunOverview> all = new ArrayList<>(runIds.size());
            for (String id : runIds) {
                RunRows.Numbered row = found.get(id);
                if (row != null) {
                    all.add(overview(
                            row.run(), measured(c, row, buckets), alerts.getOrDefault(row.runKey(), List.of())));
                }
            }
            return all;
        });
    }

    private static RunOverview overview(RunSummary run, Measured measured, List<Alert> alerts) {
        Attention attention = Attention.of(run.annotation());
        return new RunOverview(
                run.id(),
                measured.seq(),
                measured.layers(),
                measured.iterationMs(),
                measured.range(),
                measured.loss(),
                alerts.stream()
                        .map(a -> new RunOverview.OpenAlert(
                                a, attention.acknowledged(a.getAlertId()).isPresent()))
                        .toList());
    }

    private Measured measured(Connection c, RunRows.Numbered row, int buckets) throws SQLException {
        Key key = new Key(row.runKey(), buckets);
        long seq = row.run().seq();
        synchronized (kept) {
            Measured known = kept.get(key);
            if (known != null && known.seq() == seq) {
                return known;
            }
        }
        Measured measured = measure(c, row, buckets);
        synchronized (kept) {
            kept.put(key, measured);
            if (kept.size() > KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
        }
        return measured;
    }

    private static Measured measure(Connection c, RunRows.Numbered row, int most) throws SQLException {
        RunSummary run = row.run();
        RunExtent extent = new RunExtent(row.runKey(), run.id(), run.attempts(), 0, 0);
        Buckets range = Buckets.of(0, extent.end(), most);
        Bucket[] loss = new Bucket[range.number()];
        new BucketScan(extent, BucketScan.Place.ITERATION, List.of(LOSS), range, "true", false)
                .run(
                        c,
                        false,
                        (metric, layer, bucket) -> loss[Math.toIntExact(bucket.from() / range.width())] = bucket);
        return new Measured(
                run.seq(),
                layers(c, row),
                run.phase().ended() ? OptionalDouble.empty() : iterationMs(c, row),
                range,
                Arrays.stream(loss).filter(b -> b != null).toList());
    }

    private static RunOverview.@Nullable Layers layers(Connection c, RunRows.Numbered row) throws SQLException {
        if (row.run().seq() < 0) {
            return null;
        }
        List<LayerValue> values =
                layers(c, row.runKey(), Long.toString(row.run().seq()));
        if (values.isEmpty()) { // the newest record says nothing about layers
            values =
                    layers(c, row.runKey(), "(SELECT max(seq) FROM layer_values WHERE run_key = " + row.runKey() + ")");
        }
        if (values.isEmpty()) {
            return null;
        }
        int count = 1 + values.stream().mapToInt(LayerValue::layer).max().orElseThrow();
        List<@Nullable Float> meanAbs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            meanAbs.add(null);
        }
        values.forEach(v -> meanAbs.set(v.layer(), v.meanAbs()));
        return new RunOverview.Layers(
                values.get(0).iteration(),
                meanAbs,
                values.stream()
                        .filter(LayerValue::broken)
                        .map(LayerValue::layer)
                        .toList(),
                row.run().description().started().getLayersList().stream()
                        .filter(l -> !l.getMainPath())
                        .map(Layer::getIndex)
                        .toList());
    }

    private record LayerValue(
            int layer, long iteration, @Nullable Float meanAbs, boolean broken) {}

    private static List<LayerValue> layers(Connection c, int runKey, String seq) throws SQLException {
        return Sql.query(
                c,
                "SELECT layer, iteration, mean_abs, coalesce(nan_count, 0) + coalesce(inf_count, 0) > 0"
                        + " OR coalesce(NOT isfinite(mean_abs), false) AS broken FROM layer_values WHERE run_key = "
                        + runKey + " AND seq = " + seq + " ORDER BY layer",
                row -> new LayerValue(
                        row.getInt("layer"),
                        row.getLong("iteration"),
                        Sql.maybeFloat(row, "mean_abs"),
                        row.getBoolean("broken")));
    }

    private static OptionalDouble iterationMs(Connection c, RunRows.Numbered row) throws SQLException {
        return Sql.first(
                        c,
                        "SELECT avg(iteration_ms) AS ms FROM iterations WHERE run_key = ? AND attempt = ? AND seq > ?"
                                + " AND isfinite(iteration_ms)",
                        one -> {
                            Double ms = Sql.maybeDouble(one, "ms");
                            return ms == null ? OptionalDouble.empty() : OptionalDouble.of(ms);
                        },
                        row.runKey(),
                        row.run().description().attempt(),
                        row.run().seq() - TIMES)
                .orElse(OptionalDouble.empty());
    }

    private static Map<Integer, List<Alert>> openAlerts(Connection c, List<Integer> runKeys) throws SQLException {
        Map<Integer, List<Alert>> open = new HashMap<>();
        if (runKeys.isEmpty()) {
            return open;
        }
        String keys = String.join(", ", runKeys.stream().map(String::valueOf).toList());
        Sql.query(
                c,
                "SELECT run_key, arg_max(alert, transition) AS alert FROM transitions WHERE run_key IN (" + keys
                        + ") GROUP BY run_key, alert_key HAVING arg_max(state, transition) NOT IN"
                        + " ('resolved', 'suppressed') ORDER BY alert_key DESC",
                row -> open.computeIfAbsent(row.getInt("run_key"), k -> new ArrayList<>())
                        .add(RunRows.alert(row.getBytes("alert"))));
        return open;
    }
}
