package io.gradwatch.telemetry.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.telemetry.history.SeriesQueries.Series;
import io.gradwatch.telemetry.history.SeriesQueries.Wanted;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random runs with spikes, NaN, infinities and gaps, resumed twice, in random ranges cut into random numbers of buckets,
 * against a loop over the records: nothing is missing, and what is counted adds up.
 */
class SeriesPropertiesTest {
    private static final int LAYERS = 4;
    private static final int BATCH_NORMS = 2;
    private static final int TRIALS = 120;

    @TempDir
    Path directory;

    private final Random random = new Random(20_261_123);
    private List<IterationRecord> counting = List.of();
    private History history;
    private RunExtent run;

    @BeforeEach
    void makeARun() throws Exception {
        history = History.open(directory, Clock.systemUTC());
        HistoryFixture fixture = new HistoryFixture(history);
        RandomRecords records = new RandomRecords(7);
        List<IterationRecord> all = new ArrayList<>();
        long seq = 0;
        long[][] attempts = {{0, 900}, {600, 1_400}, {1_100, 1_900}};
        for (int attempt = 1; attempt <= attempts.length; attempt++) {
            fixture.start("a", attempt, HistoryFixture.started("a", LAYERS, BATCH_NORMS));
            List<IterationRecord> ofAttempt = new ArrayList<>();
            for (long i = attempts[attempt - 1][0]; i < attempts[attempt - 1][1]; i++) {
                if (random.nextInt(9) != 0) {
                    ofAttempt.add(timed(records.record("a", attempt, i, seq++, LAYERS, BATCH_NORMS)));
                }
            }
            long first = ofAttempt.get(0).iteration().getIteration();
            all.removeIf(r -> r.iteration().getIteration() >= first);
            all.addAll(ofAttempt);
            fixture.append(ofAttempt);
        }
        fixture.commit();
        all.sort(Comparator.comparingLong(r -> r.iteration().getIteration()));
        counting = List.copyOf(all);
        run = history.runs().extent("a").orElseThrow();
    }

    @AfterEach
    void close() {
        history.close();
    }

    /** With an epoch and a time that grow, as a trainer's do. */
    private static IterationRecord timed(IterationRecord r) {
        Iteration i = r.iteration().toBuilder()
                .setEpoch((int) (r.iteration().getIteration() / 75))
                .build();
        return new IterationRecord(
                r.runId(), r.attempt(), r.partition(), r.seq(), 1_790_000_000_000L + 13 * r.seq(), i);
    }

    @Test
    void missesNoExtremeAndNoNanAndCountsAddUp() {
        for (int trial = 0; trial < TRIALS; trial++) {
            Alignment alignment = Alignment.values()[random.nextInt(3)];
            Buckets buckets = range(alignment);
            List<Wanted> wanted = someMetrics();
            List<Series> found = history.series().series(run, alignment, wanted, buckets, Optional.empty());
            int next = 0;
            for (Wanted one : wanted) {
                for (int layer : one.metric().scope() == Metric.Scope.RUN ? List.of(0) : one.layers()) {
                    String what = one.metric().name() + " " + layer + " by " + alignment + " in " + buckets;
                    List<Bucket> actual = found.get(next++).buckets().stream()
                            .filter(b -> b.count() > 0)
                            .toList();
                    List<Bucket> expected = naive(alignment, one.metric().name(), layer, buckets);
                    assertThat(actual).as(what).hasSameSizeAs(expected);
                    for (int b = 0; b < actual.size(); b++) {
                        SeriesQueriesTest.same(actual.get(b), expected.get(b), what);
                    }
                    assertThat(actual.stream().mapToLong(Bucket::count).sum())
                            .as(what)
                            .isEqualTo(naive(alignment, one.metric().name(), layer, whole(buckets)).stream()
                                    .mapToLong(Bucket::count)
                                    .sum());
                }
            }
            assertThat(found).hasSize(next);
        }
    }

    @Test
    void fillsAHeatMapWithTheSame() {
        for (int trial = 0; trial < 30; trial++) {
            Buckets buckets = range(Alignment.ITERATION);
            List<String> names = Metric.namesWithLayers();
            Metric metric = SeriesQueriesTest.metric(names.get(random.nextInt(names.size())));
            HeatMap map = history.series().heatMap(run, metric, buckets);
            for (int row = 0; row < map.rows(); row++) {
                double[] counts = new double[map.columns()];
                for (Bucket b : naive(Alignment.ITERATION, metric.name(), row, buckets)) {
                    int column = (int) ((b.from() - buckets.from()) / buckets.width());
                    int cell = row * map.columns() + column;
                    counts[column] = b.count();
                    assertThat(map.nan()[cell]).isEqualTo(b.nan());
                    assertThat(map.inf()[cell]).isEqualTo(b.inf());
                    assertThat(Float.valueOf(map.min()[cell])).isEqualTo(asFloat(b.min()));
                    assertThat(Float.valueOf(map.max()[cell])).isEqualTo(asFloat(b.max()));
                }
                for (int column = 0; column < map.columns(); column++) {
                    assertThat((double) map.count()[row * map.columns() + column])
                            .isEqualTo(counts[column]);
                }
            }
        }
    }

    private static Float asFloat(@Nullable Double value) {
        return value == null ? Float.NaN : value.floatValue();
    }

    @Test
    void smoothsAllOfTheRunWhateverTheRange() {
        for (int trial = 0; trial < TRIALS; trial++) {
            Alignment alignment = Alignment.values()[random.nextInt(3)];
            Buckets buckets = range(alignment);
            boolean logarithmic = random.nextBoolean();
            Smoothing smoothing = random.nextInt(3) == 0
                    ? new Smoothing(1 - 0.99 * random.nextDouble(), logarithmic)
                    : Smoothing.ofHalfLife(0.1 + random.nextInt(5) * random.nextDouble(), logarithmic);
            List<Wanted> wanted = someMetrics();
            List<Series> found = history.series().series(run, alignment, wanted, buckets, Optional.of(smoothing));
            int next = 0;
            for (Wanted one : wanted) {
                for (int layer : one.metric().scope() == Metric.Scope.RUN ? List.of(0) : one.layers()) {
                    String what =
                            one.metric().name() + " " + layer + " by " + alignment + " in " + buckets + " " + smoothing;
                    for (Bucket bucket : found.get(next++).buckets()) {
                        List<Double> expected = smoothed(alignment, one.metric().name(), layer, bucket, smoothing);
                        if (expected.isEmpty()) {
                            assertThat(bucket.smoothed()).as(what).isNull();
                        } else {
                            same(Objects.requireNonNull(bucket.smoothed(), what), expected, what);
                        }
                    }
                }
            }
        }
    }

    private static void same(Smoothed actual, List<Double> expected, String what) {
        assertThat(actual.count()).as(what).isEqualTo(expected.size());
        double size = expected.stream().mapToDouble(Math::abs).max().orElseThrow();
        // sums of values of both signs may be far larger than what remains of them
        var near = within(Math.max(1e-9 * size, 1e22));
        var close = size > 1e25 ? near : within(Math.max(1e-9 * size, 1e-300));
        assertThat(actual.first()).as(what).isCloseTo(expected.get(0), close);
        assertThat(actual.last()).as(what).isCloseTo(expected.get(expected.size() - 1), close);
        assertThat(actual.min())
                .as(what)
                .isCloseTo(expected.stream().mapToDouble(d -> d).min().orElseThrow(), close);
        assertThat(actual.max())
                .as(what)
                .isCloseTo(expected.stream().mapToDouble(d -> d).max().orElseThrow(), close);
        assertThat(actual.mean())
                .as(what)
                .isCloseTo(expected.stream().mapToDouble(d -> d).average().orElseThrow(), close);
    }

    /** By the definition: a weighted mean over all values so far, anew for every value. */
    private List<Double> smoothed(Alignment alignment, String name, int layer, Bucket bucket, Smoothing smoothing) {
        List<Double> past = new ArrayList<>();
        List<Double> inBucket = new ArrayList<>();
        for (IterationRecord r : counting) {
            Double v = SeriesQueriesTest.raw(r.iteration(), name, layer);
            Double x = v == null ? null : smoothing.logarithmic() ? (Double) Math.log10(v) : v;
            if (x == null || !Double.isFinite(x)) {
                continue;
            }
            past.add(x);
            long at = place(alignment, r);
            if (at < bucket.from() || at >= bucket.to()) {
                continue;
            }
            double sum = 0;
            double weights = 0;
            for (int k = 0; k < past.size(); k++) {
                double weight = Math.pow(1 - smoothing.alpha(), past.size() - 1 - k);
                sum += weight * past.get(k);
                weights += weight;
            }
            inBucket.add(smoothing.logarithmic() ? Math.pow(10, sum / weights) : sum / weights);
        }
        return inBucket;
    }

    private List<Wanted> someMetrics() {
        List<String> names = List.copyOf(Metric.names());
        List<Wanted> wanted = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(4); i++) {
            Metric metric = SeriesQueriesTest.metric(names.get(random.nextInt(names.size())));
            int lines = metric.scope() == Metric.Scope.BATCH_NORM ? BATCH_NORMS : LAYERS;
            List<Integer> layers = IntStream.range(0, lines)
                    .filter(l -> random.nextInt(3) != 0)
                    .boxed()
                    .toList();
            Wanted one = new Wanted(metric, layers);
            if (!wanted.contains(one)) {
                wanted.add(one);
            }
        }
        return wanted;
    }

    private Buckets range(Alignment alignment) {
        long end = history.series().end(run, alignment);
        long from = (long) (random.nextDouble() * end);
        long to = from + 1 + (long) (random.nextDouble() * end * 1.2);
        return Buckets.of(from, to, 1 + random.nextInt(random.nextBoolean() ? 5 : 500));
    }

    private static Buckets whole(Buckets buckets) {
        return Buckets.of(buckets.from(), buckets.to(), 1);
    }

    private long place(Alignment alignment, IterationRecord r) {
        return switch (alignment) {
            case ITERATION -> r.iteration().getIteration();
            case EPOCH -> r.iteration().getEpoch();
            case WALL -> r.producedAtMs() - counting.get(0).producedAtMs();
        };
    }

    private List<Bucket> naive(Alignment alignment, String name, int layer, Buckets buckets) {
        List<Bucket> found = new ArrayList<>();
        for (int b = 0; b < buckets.number(); b++) {
            Bucket bucket = naive(alignment, name, layer, buckets.start(b), buckets.end(b));
            if (bucket != null) {
                found.add(bucket);
            }
        }
        return found;
    }

    private @Nullable Bucket naive(Alignment alignment, String name, int layer, long from, long to) {
        List<Double> values = new ArrayList<>();
        for (IterationRecord r : counting) {
            Double v = SeriesQueriesTest.raw(r.iteration(), name, layer);
            long at = place(alignment, r);
            if (v != null && at >= from && at < to) {
                values.add(v);
            }
        }
        if (values.isEmpty()) {
            return null;
        }
        double[] finite =
                values.stream().mapToDouble(v -> v).filter(Double::isFinite).toArray();
        boolean any = finite.length > 0;
        return new Bucket(
                from,
                to,
                values.size(),
                any ? (Double) Arrays.stream(finite).min().orElseThrow() : null,
                any ? (Double) Arrays.stream(finite).max().orElseThrow() : null,
                any ? (Double) (Arrays.stream(finite).sum() / finite.length) : null,
                values.get(0),
                values.get(values.size() - 1),
                values.stream().filter(v -> v.isNaN()).count(),
                values.stream().filter(v -> v.isInfinite()).count());
    }
}
