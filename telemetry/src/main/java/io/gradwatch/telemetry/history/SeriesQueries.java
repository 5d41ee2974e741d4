package io.gradwatch.telemetry.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Series and heat maps, computed from every raw row in the range. Any thread; methods block, and throw {@link
 * HistoryException}.
 */
public final class SeriesQueries {
    private final Readers readers;

    SeriesQueries(Readers readers) {
        this.readers = readers;
    }

    /**
     * One line of a chart.
     *
     * @param layer null for a metric of the whole run
     * @param buckets in ascending order, without empty ones; for a metric that is sampled with them, count 0, so that
     *     all buckets of the range are there
     */
    public record Series(Metric metric, @Nullable Integer layer, List<Bucket> buckets) {
        public Series {
            buckets = List.copyOf(buckets);
        }
    }

    /** The series of a metric: one for every layer asked for, in that order. For a metric of the run {@code layers} is ignored. */
    public List<Series> series(RunExtent run, Metric metric, List<Integer> layers, Buckets buckets) {
        boolean perLayer = metric.scope() != Metric.Scope.RUN;
        Map<Integer, List<Bucket>> byLayer = new TreeMap<>();
        if (!perLayer) {
            byLayer.put(-1, new ArrayList<>());
        }
        layers.forEach(layer -> byLayer.computeIfAbsent(perLayer ? layer : -1, l -> new ArrayList<>()));
        String chosen = perLayer && layers.size() <= 200
                ? " AND " + metric.scope().index() + " IN ("
                        + String.join(", ", layers.stream().map(String::valueOf).toList()) + ")"
                : "";
        if (!byLayer.isEmpty()) {
            each(run, metric, buckets, chosen, (layer, bucket) -> {
                List<Bucket> line = byLayer.get(layer);
                if (line != null) {
                    line.add(bucket);
                }
            });
        }
        return byLayer.entrySet().stream()
                .map(e -> new Series(
                        metric,
                        perLayer ? e.getKey() : null,
                        metric.sampled() ? withEmptyOnes(e.getValue(), buckets) : e.getValue()))
                .toList();
    }

    private static List<Bucket> withEmptyOnes(List<Bucket> found, Buckets buckets) {
        List<Bucket> all = new ArrayList<>(buckets.number());
        int next = 0;
        for (int b = 0; b < buckets.number(); b++) {
            long from = buckets.start(b);
            boolean isFound = next < found.size() && found.get(next).from() == from;
            all.add(isFound ? found.get(next++) : Bucket.empty(from, buckets.end(b)));
        }
        return all;
    }

    /** The heat map of a metric that is per layer or per BN layer. */
    public HeatMap heatMap(RunExtent run, Metric metric, Buckets buckets) {
        int rows = metric.scope() == Metric.Scope.LAYER ? run.layers() : run.batchNorms();
        HeatMap map = new HeatMap(buckets, rows);
        each(run, metric, buckets, "", (layer, bucket) -> {
            if (layer < rows) {
                map.put(layer, bucket);
            }
        });
        return map;
    }

    private interface Taker {
        void take(int layer, Bucket bucket);
    }

    private void each(RunExtent run, Metric metric, Buckets buckets, String condition, Taker taker) {
        String index = metric.scope().index();
        String sql = "SELECT bucket, layer, count(v) AS n, min(v) FILTER (isfinite(v)) AS low,"
                + " max(v) FILTER (isfinite(v)) AS high, avg(v::DOUBLE) FILTER (isfinite(v)) AS middle,"
                + " arg_min(v, iteration) AS earliest, arg_max(v, iteration) AS latest,"
                + " count(*) FILTER (isnan(v)) AS nans, count(*) FILTER (isinf(v)) AS infs FROM"
                + " (SELECT (iteration - ?) // ? AS bucket, coalesce(" + index + ", -1) AS layer, iteration,"
                + " (" + metric.expression() + ")::" + metric.kind().type() + " AS v FROM "
                + metric.table() + " WHERE run_key = ? AND iteration >= ? AND iteration < ? AND "
                + run.visible() + condition + ") WHERE v IS NOT NULL GROUP BY bucket, layer ORDER BY layer, bucket";
        readers.read(c -> Sql.query(
                c,
                sql,
                row -> {
                    taker.take(row.getInt(2), bucket(row, buckets));
                    return true;
                },
                buckets.from(),
                buckets.width(),
                run.runKey(),
                buckets.from(),
                buckets.to()));
    }

    private static Bucket bucket(ResultSet row, Buckets buckets) throws SQLException {
        long number = row.getLong(1);
        return new Bucket(
                buckets.start(number),
                buckets.end(number),
                row.getLong(3),
                maybeDouble(row, 4),
                maybeDouble(row, 5),
                maybeDouble(row, 6),
                row.getDouble(7),
                row.getDouble(8),
                row.getLong(9),
                row.getLong(10));
    }

    private static @Nullable Double maybeDouble(ResultSet row, int column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? null : value;
    }
}
