package io.gradwatch.telemetry.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.contract.v1.ActivationStatistics;
import io.gradwatch.contract.v1.BatchNormStatistics;
import io.gradwatch.contract.v1.Curvature;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.Resources;
import io.gradwatch.contract.v1.Shattering;
import io.gradwatch.contract.v1.Summary;
import io.gradwatch.telemetry.history.SeriesQueries.Series;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares with a loop over the raw records: any range, any number of buckets, whatever was measured. */
class SeriesQueriesTest {
    private static final int LAYERS = 5;
    private static final int BATCH_NORMS = 3;

    @TempDir
    Path directory;

    @Test
    void isExactForAnyRangeAndAnyNumberOfBuckets() throws Exception {
        List<IterationRecord> records = new ArrayList<>();
        RandomRecords random = new RandomRecords(99);
        Random gaps = new Random(5);
        long seq = 0;
        for (long i = 0; i < 2_000; i++) {
            if (gaps.nextInt(10) != 0) { // some never arrive
                records.add(random.record("a", 1, i, seq++, LAYERS, BATCH_NORMS));
            }
        }
        try (History history = History.open(directory, Clock.systemUTC())) {
            HistoryFixture fixture = new HistoryFixture(history);
            fixture.start("a", 1, HistoryFixture.started("a", LAYERS, BATCH_NORMS));
            fixture.append(records);
            fixture.commit();
            RunExtent run = history.runs().extent("a").orElseThrow();
            List<String> names = List.copyOf(Metric.names());
            for (int trial = 0; trial < 150; trial++) {
                long from = gaps.nextInt(2_000);
                long to = from + 1 + gaps.nextInt(2_500);
                Buckets buckets = Buckets.of(from, to, 1 + gaps.nextInt(gaps.nextBoolean() ? 5 : 700));
                String name = names.get(trial % names.size());
                compare(history.series(), run, records, name, buckets);
            }
        }
    }

    @Test
    void letsTheNewestAttemptReplaceWhatItRepeats() throws Exception {
        List<IterationRecord> records = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            records.add(withLoss(1, i, i, 1));
        }
        for (int i = 60; i < 80; i++) {
            records.add(withLoss(2, i, i + 40, 2));
        }
        try (History history = History.open(directory, Clock.systemUTC())) {
            HistoryFixture fixture = new HistoryFixture(history);
            fixture.start("a", 1, HistoryFixture.started("a", 0, 0));
            fixture.append(records);
            fixture.commit();
            RunExtent run = history.runs().extent("a").orElseThrow();

            assertThat(run.end()).isEqualTo(80);
            List<Bucket> buckets = history.series()
                    .series(run, metric("loss"), List.of(), Buckets.of(0, 120, 3))
                    .get(0)
                    .buckets();
            assertThat(buckets)
                    .extracting(Bucket::from, Bucket::count, Bucket::mean)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(0L, 40L, 1.0),
                            org.assertj.core.groups.Tuple.tuple(40L, 40L, 1.5));
        }
    }

    @Test
    void countsNanAndInfinityOfAHeatMapAndTellsEmptyCells() throws Exception {
        List<IterationRecord> records = new ArrayList<>();
        records.add(withMeanAbs(0, 1f, 2f));
        records.add(withMeanAbs(1, Float.NaN, 4f));
        records.add(withMeanAbs(2, Float.POSITIVE_INFINITY, 6f));
        records.add(withMeanAbs(9, Float.NaN, 8f));
        try (History history = History.open(directory, Clock.systemUTC())) {
            HistoryFixture fixture = new HistoryFixture(history);
            fixture.start("a", 1, HistoryFixture.started("a", 2, 0));
            fixture.append(records);
            fixture.commit();
            RunExtent run = history.runs().extent("a").orElseThrow();

            HeatMap map = history.series().heatMap(run, metric("gradient.mean_abs"), Buckets.of(0, 10, 3));

            assertThat(map.starts()).containsExactly(0, 4, 8);
            assertThat(map.count()).containsExactly(3, 0, 1, 3, 0, 1);
            assertThat(map.mean()).containsExactly(1, Float.NaN, Float.NaN, 4, Float.NaN, 8);
            assertThat(map.max()).containsExactly(1, Float.NaN, Float.NaN, 6, Float.NaN, 8);
            assertThat(map.nan()).containsExactly(1, 0, 1, 0, 0, 0);
            assertThat(map.inf()).containsExactly(1, 0, 0, 0, 0, 0);
        }
    }

    private static void compare(
            SeriesQueries queries, RunExtent run, List<IterationRecord> records, String name, Buckets buckets) {
        Metric metric = metric(name);
        int lines = switch (metric.scope()) {
            case RUN -> 1;
            case LAYER -> LAYERS;
            case BATCH_NORM -> BATCH_NORMS;
        };
        List<Integer> layers = metric.scope() == Metric.Scope.RUN
                ? List.of()
                : IntStream.range(0, lines).boxed().toList();
        List<Series> series = queries.series(run, metric, layers, buckets);
        assertThat(series).hasSize(lines);
        for (int line = 0; line < lines; line++) {
            List<Bucket> expected = new ArrayList<>();
            for (int b = 0; b < buckets.number(); b++) {
                Bucket bucket = naive(records, name, line, buckets.start(b), buckets.end(b));
                if (bucket != null) {
                    expected.add(bucket);
                } else if (metric.sampled()) { // said with count 0
                    expected.add(new Bucket(buckets.start(b), buckets.end(b), 0, null, null, null, null, null, 0, 0));
                }
            }
            List<Bucket> actual = series.get(line).buckets();
            assertThat(actual).as(name + " " + buckets).hasSameSizeAs(expected);
            for (int b = 0; b < expected.size(); b++) {
                same(actual.get(b), expected.get(b), name + " " + line + " " + buckets);
            }
        }
    }

    static void same(Bucket actual, Bucket expected, String what) {
        assertThat(withoutMean(actual)).as(what).isEqualTo(withoutMean(expected));
        if (expected.mean() == null) {
            assertThat(actual.mean()).as(what).isNull();
        } else {
            // the order in which a sum is made is not fixed
            Offset<Double> tolerance = within(1e-12
                    * expected.count()
                    * Math.max(Math.abs(value(expected.min())), Math.abs(value(expected.max()))));
            assertThat(actual.mean()).as(what).isCloseTo(expected.mean(), tolerance);
        }
    }

    private static double value(@Nullable Double number) {
        return number == null ? 0 : number;
    }

    private static Bucket withoutMean(Bucket b) {
        return new Bucket(b.from(), b.to(), b.count(), b.min(), b.max(), null, b.first(), b.last(), b.nan(), b.inf());
    }

    private static @Nullable Bucket naive(List<IterationRecord> records, String name, int line, long from, long to) {
        long count = 0;
        long nan = 0;
        long inf = 0;
        long finite = 0;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        double first = 0;
        double last = 0;
        for (IterationRecord r : records) {
            long iteration = r.iteration().getIteration();
            Double v = iteration < from || iteration >= to ? null : raw(r.iteration(), name, line);
            if (v == null) {
                continue;
            }
            first = count == 0 ? v : first;
            last = v;
            count++;
            if (Double.isNaN(v)) {
                nan++;
            } else if (Double.isInfinite(v)) {
                inf++;
            } else {
                finite++;
                min = Math.min(min, v);
                max = Math.max(max, v);
                sum += v;
            }
        }
        if (count == 0) {
            return null;
        }
        boolean any = finite > 0;
        return new Bucket(
                from, to, count, any ? min : null, any ? max : null, any ? sum / finite : null, first, last, nan, inf);
    }

    /** The value in the record, or null when it was not measured. Written from the documentation of the API. */
    static @Nullable Double raw(Iteration i, String name, int line) {
        LayerStatistics l = i.getLayers();
        boolean anyLayer = Math.max(
                        Math.max(l.getMeanAbsCount(), l.getL2Count()),
                        Math.max(
                                Math.max(l.getMaxAbsCount(), l.getZeroFractionCount()),
                                Math.max(
                                        Math.max(l.getNanCountCount(), l.getInfCountCount()),
                                        Math.max(l.getParameterL2Count(), l.getUpdateRatioCount()))))
                > 0;
        BatchNormStatistics b = i.getBatchNorms();
        return switch (name) {
            case "loss" -> i.hasLoss() ? (double) i.getLoss() : null;
            case "accuracy" -> i.hasAccuracy() ? (double) i.getAccuracy() : null;
            case "learning_rate" -> i.hasLearningRate() ? (double) i.getLearningRate() : null;
            case "iteration_ms" -> i.hasIterationMs() ? (double) i.getIterationMs() : null;
            case "telemetry_ms" -> i.hasTelemetryMs() ? (double) i.getTelemetryMs() : null;
            case "dropped" -> (double) i.getDropped();
            case "gradient.mean_abs" -> at(l.getMeanAbsList(), line);
            case "gradient.l2" -> at(l.getL2List(), line);
            case "gradient.max_abs" -> at(l.getMaxAbsList(), line);
            case "gradient.zero_fraction" -> at(l.getZeroFractionList(), line);
            case "gradient.nan" -> !anyLayer ? null : count(l.getNanCountList(), line);
            case "gradient.inf" -> !anyLayer ? null : count(l.getInfCountList(), line);
            case "parameter.l2" -> at(l.getParameterL2List(), line);
            case "update.ratio" -> at(l.getUpdateRatioList(), line);
            case "bn.drift" -> at(b.getDriftList(), line);
            case "bn.batch_mean" -> at(b.getBatchMean().getMeanList(), line);
            case "bn.batch_var" -> at(b.getBatchVariance().getMeanList(), line);
            case "bn.running_mean" -> at(b.getRunningMean().getMeanList(), line);
            case "bn.running_var" -> at(b.getRunningVariance().getMeanList(), line);
            default -> name.startsWith("bn.") ? summary(b, name, line) : sampled(i, name, line);
        };
    }

    private static @Nullable Double sampled(Iteration i, String name, int line) {
        ActivationStatistics a = i.getActivations();
        Curvature c = i.getCurvature();
        Shattering s = i.getShattering();
        Resources r = i.getResources();
        return switch (name) {
            case "activation.mean" -> at(a.getMeanList(), line);
            case "activation.std" -> at(a.getStandardDeviationList(), line);
            case "activation.negative_fraction" -> at(a.getNegativeFractionList(), line);
            case "activation.one_sided_fraction" -> at(a.getOneSidedFractionList(), line);
            case "curvature.step" -> c.hasStep() ? (double) c.getStep() : null;
            case "curvature.gradient_square" -> c.hasGradientSquare() ? c.getGradientSquare() : null;
            case "curvature.gradient_curvature" -> c.hasGradientCurvature() ? c.getGradientCurvature() : null;
            case "curvature.predicted_change" -> c.hasPredictedChange() ? c.getPredictedChange() : null;
            case "curvature.actual_change" -> c.hasActualChange() ? c.getActualChange() : null;
            case "curvature.cost_ms" -> c.hasCostMs() ? (double) c.getCostMs() : null;
            case "shattering.correlation" -> s.hasCorrelation() ? (double) s.getCorrelation() : null;
            case "shattering.layer_correlation" -> at(s.getLayerCorrelationList(), line);
            case "shattering.cost_ms" -> s.hasCostMs() ? (double) s.getCostMs() : null;
            case "resources.process_cpu" -> r.hasProcessCpu() ? (double) r.getProcessCpu() : null;
            case "resources.system_cpu" -> r.hasSystemCpu() ? (double) r.getSystemCpu() : null;
            case "resources.heap_bytes" -> r.hasHeapBytes() ? (double) r.getHeapBytes() : null;
            case "resources.resident_bytes" -> r.hasResidentBytes() ? (double) r.getResidentBytes() : null;
            case "resources.native_bytes" -> r.hasNativeBytes() ? (double) r.getNativeBytes() : null;
            case "resources.gpu" -> r.hasGpu() ? (double) r.getGpu() : null;
            case "resources.gpu_bytes" -> r.hasGpuBytes() ? (double) r.getGpuBytes() : null;
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static @Nullable Double summary(BatchNormStatistics b, String name, int line) {
        int cut = name.lastIndexOf('_');
        Summary s = switch (name.substring(0, cut)) {
            case "bn.gamma" -> b.getGamma();
            case "bn.beta" -> b.getBeta();
            case "bn.batch_mean" -> b.getBatchMean();
            case "bn.batch_var" -> b.getBatchVariance();
            case "bn.running_mean" -> b.getRunningMean();
            case "bn.running_var" -> b.getRunningVariance();
            default -> throw new IllegalArgumentException(name);
        };
        return switch (name.substring(cut + 1)) {
            case "mean" -> at(s.getMeanList(), line);
            case "min" -> at(s.getMinList(), line);
            default -> at(s.getMaxList(), line);
        };
    }

    private static @Nullable Double at(List<Float> values, int line) {
        return values.isEmpty() ? null : (double) values.get(line);
    }

    private static Double count(List<Integer> values, int line) {
        return values.isEmpty() ? 0.0 : Integer.toUnsignedLong(values.get(line));
    }

    static Metric metric(String name) {
        return Metric.of(name).orElseThrow();
    }

    private static IterationRecord withLoss(int attempt, long iteration, long seq, float loss) {
        return new IterationRecord(
                "a",
                attempt,
                0,
                seq,
                0,
                Iteration.newBuilder().setIteration(iteration).setLoss(loss).build());
    }

    private static IterationRecord withMeanAbs(long iteration, float... values) {
        LayerStatistics.Builder layers = LayerStatistics.newBuilder();
        for (float v : values) {
            layers.addMeanAbs(v);
        }
        return new IterationRecord(
                "a",
                1,
                0,
                iteration,
                0,
                Iteration.newBuilder().setIteration(iteration).setLayers(layers).build());
    }
}
