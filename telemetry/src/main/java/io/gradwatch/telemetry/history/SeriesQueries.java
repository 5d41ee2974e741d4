package io.gradwatch.telemetry.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Series and heat maps, computed from every raw row in the range. Any thread; methods block, and throw {@link
 * HistoryException}.
 */
public final class SeriesQueries {
    /** More layers than this are not named one by one. */
    private static final int NAMED_LAYERS = 200;

    private final Readers readers;

    /** Heat maps that had values that are not finite, by run and metric: where there were some, there are more. */
    private final Set<String> odd = ConcurrentHashMap.newKeySet();

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

    /**
     * What is wanted of a metric.
     *
     * @param layers a series for each, in this order; ignored for a metric of the run
     */
    public record Wanted(Metric metric, List<Integer> layers) {
        public Wanted {
            layers = List.copyOf(layers);
        }
    }

    /** The series of a metric by iteration: one for every layer asked for, in that order. */
    public List<Series> series(RunExtent run, Metric metric, List<Integer> layers, Buckets buckets) {
        return series(run, Alignment.ITERATION, List.of(new Wanted(metric, layers)), buckets, Optional.empty());
    }

    /**
     * The series of several metrics, in the order of {@code wanted}, then of their layers: one pass for each table.
     *
     * @param smoothing of all values of the run, not only of those in the range; empty for none
     */
    public List<Series> series(
            RunExtent run, Alignment alignment, List<Wanted> wanted, Buckets buckets, Optional<Smoothing> smoothing) {
        return readers.read(c -> {
            BucketScan.Place place = place(c, run, alignment);
            Map<Wanted, List<Series>> found = new LinkedHashMap<>();
            Map<String, List<Wanted>> byTable = new LinkedHashMap<>();
            for (Wanted one : wanted) {
                byTable.computeIfAbsent(one.metric().table() + one.layers(), t -> new ArrayList<>())
                        .add(one);
            }
            for (List<Wanted> together : byTable.values()) {
                scan(c, run, place, together, buckets, smoothing, found);
            }
            return wanted.stream()
                    .flatMap(one -> found.getOrDefault(one, List.of()).stream())
                    .toList();
        });
    }

    private static void scan(
            Connection c,
            RunExtent run,
            BucketScan.Place place,
            List<Wanted> together,
            Buckets buckets,
            Optional<Smoothing> smoothing,
            Map<Wanted, List<Series>> found)
            throws SQLException {
        Metric any = together.get(0).metric();
        boolean perLayer = any.scope() != Metric.Scope.RUN;
        List<Integer> layers = perLayer ? together.get(0).layers() : List.of(0);
        if (layers.isEmpty()) {
            return;
        }
        int[] lineOf = new int[layers.stream().mapToInt(l -> l).max().orElse(0) + 1];
        Arrays.fill(lineOf, -1);
        for (int line = 0; line < layers.size(); line++) {
            lineOf[layers.get(line)] = line;
        }
        Bucket[][][] lines = new Bucket[together.size()][layers.size()][buckets.number()];
        new BucketScan(
                        run,
                        place,
                        together.stream().map(Wanted::metric).toList(),
                        buckets,
                        chosen(any, layers, perLayer),
                        true)
                .run(c, false, (metric, layer, bucket) -> {
                    if (layer < lineOf.length && lineOf[layer] >= 0) {
                        lines[metric][lineOf[layer]][number(buckets, bucket)] = bucket;
                    }
                });
        if (smoothing.isPresent()) {
            SmoothingScan scan = new SmoothingScan(run, place, smoothing.get(), buckets);
            for (int line = 0; line < layers.size(); line++) {
                smooth(scan.smooth(c, together.stream().map(Wanted::metric).toList(), layers.get(line)), lines, line);
            }
        }
        for (int m = 0; m < together.size(); m++) {
            List<Series> series = new ArrayList<>(layers.size());
            for (int line = 0; line < layers.size(); line++) {
                Metric metric = together.get(m).metric();
                series.add(new Series(
                        metric,
                        perLayer ? layers.get(line) : null,
                        metric.sampled()
                                ? withEmptyOnes(lines[m][line], buckets)
                                : Arrays.stream(lines[m][line])
                                        .filter(Objects::nonNull)
                                        .toList()));
            }
            found.put(together.get(m), series);
        }
    }

    private static void smooth(@Nullable Smoothed[][] smoothed, Bucket[][][] lines, int line) {
        for (int m = 0; m < smoothed.length; m++) {
            for (int b = 0; b < smoothed[m].length; b++) {
                Bucket bucket = lines[m][line][b];
                if (bucket != null) {
                    lines[m][line][b] = bucket.with(smoothed[m][b]);
                }
            }
        }
    }

    private static String chosen(Metric any, List<Integer> layers, boolean perLayer) {
        return perLayer && layers.size() <= NAMED_LAYERS
                ? any.scope().index() + " IN ("
                        + String.join(", ", layers.stream().map(String::valueOf).toList()) + ")"
                : "true";
    }

    private static List<Bucket> withEmptyOnes(@Nullable Bucket[] found, Buckets buckets) {
        List<Bucket> all = new ArrayList<>(found.length);
        for (int b = 0; b < found.length; b++) {
            Bucket bucket = found[b];
            all.add(bucket == null ? Bucket.empty(buckets.start(b), buckets.end(b)) : bucket);
        }
        return all;
    }

    /** The heat map of a metric that is per layer or per BN layer. */
    public HeatMap heatMap(RunExtent run, Metric metric, Buckets buckets) {
        int rows = metric.scope() == Metric.Scope.LAYER ? run.layers() : run.batchNorms();
        HeatMap map = new HeatMap(buckets, rows);
        String name = run.runKey() + " " + metric.name();
        boolean isOdd = readers.read(c -> new BucketScan(
                        run, BucketScan.Place.ITERATION, List.of(metric), buckets, "true", false)
                .run(c, odd.contains(name), (one, layer, bucket) -> {
                    if (layer < rows) {
                        map.put(layer, bucket);
                    }
                }));
        if (isOdd) {
            odd.add(name);
        } else {
            odd.remove(name);
        }
        return map;
    }

    /** One more than the last place that counts; 0 without any. */
    public long end(RunExtent run, Alignment alignment) {
        return switch (alignment) {
            case ITERATION -> run.end();
            case EPOCH, WALL ->
                readers.read(c -> Sql.first(
                                c,
                                "SELECT coalesce(max("
                                        + place(c, run, alignment).expression()
                                        + ") + 1, 0) FROM iterations WHERE run_key = " + run.runKey() + " AND "
                                        + run.visible(),
                                row -> row.getLong(1))
                        .orElse(0L));
        };
    }

    private static BucketScan.Place place(Connection c, RunExtent run, Alignment alignment) throws SQLException {
        if (alignment != Alignment.WALL) {
            return new BucketScan.Place(alignment, 0);
        }
        long first = Sql.first(
                        c,
                        "SELECT coalesce(min(produced_at), 0) FROM iterations WHERE run_key = " + run.runKey() + " AND "
                                + run.visible(),
                        row -> row.getLong(1))
                .orElse(0L);
        return new BucketScan.Place(alignment, first);
    }

    private static int number(Buckets buckets, Bucket bucket) {
        return Math.toIntExact((bucket.from() - buckets.from()) / buckets.width());
    }
}
