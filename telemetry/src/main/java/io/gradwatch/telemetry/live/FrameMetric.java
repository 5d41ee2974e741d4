package io.gradwatch.telemetry.live;

import io.gradwatch.contract.v1.BatchNormStatistics;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** One metric of the API: its name, what it has one value per, and where the record holds it. */
final class FrameMetric {
    enum Per {
        ITERATION,
        LAYER,
        BATCH_NORM
    }

    /** Reads one value; {@code index} is 0 for a metric per iteration. */
    interface Value {
        double at(Iteration iteration, int index);
    }

    /** Number of values in a record; fewer than rows means that the rest was not measured. */
    interface Count {
        int of(Iteration iteration);
    }

    /** All of the API, in its order. */
    static final List<FrameMetric> ALL = all();

    final String name;
    final Per per;
    /** Counts elements: absent means none, and conflated points are summed. */
    final boolean counter;

    /** Whether it is there in some iterations only: a frame without any has no block of it. */
    final boolean sampled;
    /** Whether a float does not hold its values. */
    final boolean wide;

    private final Count count;
    private final Value value;

    private FrameMetric(String name, Per per, boolean counter, Count count, Value value) {
        this(name, per, counter, false, false, count, value);
    }

    private FrameMetric(
            String name, Per per, boolean counter, boolean sampled, boolean wide, Count count, Value value) {
        this.name = name;
        this.per = per;
        this.counter = counter;
        this.sampled = sampled;
        this.wide = wide;
        this.count = count;
        this.value = value;
    }

    /** A metric that is sampled. */
    static FrameMetric sampled(String name, Per per, boolean wide, Count count, Value value) {
        return new FrameMetric(name, per, false, true, wide, count, value);
    }

    /** The value, NaN when it was not measured; a counter's is 0 then. */
    double at(Iteration iteration, int index) {
        return index < count.of(iteration) ? value.at(iteration, index) : counter ? 0 : Double.NaN;
    }

    /** Whether the iteration has any value of it. */
    boolean isIn(Iteration iteration) {
        return count.of(iteration) > 0;
    }

    /** Values of one point. */
    int rows(int layers, int batchNorms) {
        return switch (per) {
            case ITERATION -> 1;
            case LAYER -> layers;
            case BATCH_NORM -> batchNorms;
        };
    }

    /** Layers that a record speaks of. */
    static int layers(Iteration iteration) {
        LayerStatistics s = iteration.getLayers();
        int most = Math.max(s.getMeanAbsCount(), Math.max(s.getL2Count(), s.getMaxAbsCount()));
        most = Math.max(most, Math.max(s.getZeroFractionCount(), s.getNanCountCount()));
        most = Math.max(most, Math.max(s.getInfCountCount(), s.getParameterL2Count()));
        most = Math.max(most, s.getUpdateRatioCount());
        return Math.max(most, SampledMetrics.layers(iteration));
    }

    /** Batch-normalisation layers that a record speaks of. */
    static int batchNorms(Iteration iteration) {
        BatchNormStatistics s = iteration.getBatchNorms();
        int most = s.getDriftCount();
        for (Summary summary : List.of(
                s.getGamma(),
                s.getBeta(),
                s.getBatchMean(),
                s.getBatchVariance(),
                s.getRunningMean(),
                s.getRunningVariance())) {
            most = Math.max(
                    most, Math.max(summary.getMeanCount(), Math.max(summary.getMinCount(), summary.getMaxCount())));
        }
        return most;
    }

    private static List<FrameMetric> all() {
        List<FrameMetric> all = new ArrayList<>();
        scalar(all, "loss", i -> i.hasLoss() ? 1 : 0, Iteration::getLoss);
        scalar(all, "accuracy", i -> i.hasAccuracy() ? 1 : 0, Iteration::getAccuracy);
        scalar(all, "learning_rate", i -> i.hasLearningRate() ? 1 : 0, Iteration::getLearningRate);
        scalar(all, "iteration_ms", i -> i.hasIterationMs() ? 1 : 0, Iteration::getIterationMs);
        scalar(all, "telemetry_ms", i -> i.hasTelemetryMs() ? 1 : 0, Iteration::getTelemetryMs);
        scalar(all, "dropped", i -> 1, Iteration::getDropped);
        layer(all, "gradient.mean_abs", LayerStatistics::getMeanAbsCount, LayerStatistics::getMeanAbs);
        layer(all, "gradient.l2", LayerStatistics::getL2Count, LayerStatistics::getL2);
        layer(all, "gradient.max_abs", LayerStatistics::getMaxAbsCount, LayerStatistics::getMaxAbs);
        layer(all, "gradient.zero_fraction", LayerStatistics::getZeroFractionCount, LayerStatistics::getZeroFraction);
        counter(all, "gradient.nan", LayerStatistics::getNanCountCount, LayerStatistics::getNanCount);
        counter(all, "gradient.inf", LayerStatistics::getInfCountCount, LayerStatistics::getInfCount);
        layer(all, "parameter.l2", LayerStatistics::getParameterL2Count, LayerStatistics::getParameterL2);
        layer(all, "update.ratio", LayerStatistics::getUpdateRatioCount, LayerStatistics::getUpdateRatio);
        summary(all, "bn.gamma", BatchNormStatistics::getGamma);
        summary(all, "bn.beta", BatchNormStatistics::getBeta);
        summary(all, "bn.batch_mean", BatchNormStatistics::getBatchMean);
        summary(all, "bn.batch_var", BatchNormStatistics::getBatchVariance);
        summary(all, "bn.running_mean", BatchNormStatistics::getRunningMean);
        summary(all, "bn.running_var", BatchNormStatistics::getRunningVariance);
        all.add(new FrameMetric(
                "bn.drift",
                Per.BATCH_NORM,
                false,
                i -> i.getBatchNorms().getDriftCount(),
                (i, n) -> i.getBatchNorms().getDrift(n)));
        all.addAll(SampledMetrics.ALL);
        return List.copyOf(all);
    }

    private static void scalar(List<FrameMetric> all, String name, Count count, ToDoubleFunction<Iteration> value) {
        all.add(new FrameMetric(name, Per.ITERATION, false, count, (i, n) -> value.applyAsDouble(i)));
    }

    private interface LayerCount {
        int of(LayerStatistics statistics);
    }

    private interface LayerValue {
        float at(LayerStatistics statistics, int layer);
    }

    private static void layer(List<FrameMetric> all, String name, LayerCount count, LayerValue value) {
        all.add(new FrameMetric(
                name, Per.LAYER, false, i -> count.of(i.getLayers()), (i, n) -> value.at(i.getLayers(), n)));
    }

    private static void counter(List<FrameMetric> all, String name, LayerCount count, LayerValue value) {
        all.add(new FrameMetric(
                name, Per.LAYER, true, i -> count.of(i.getLayers()), (i, n) -> value.at(i.getLayers(), n)));
    }

    private static void summary(List<FrameMetric> all, String name, Function<BatchNormStatistics, Summary> statistic) {
        all.add(new FrameMetric(
                name + "_mean",
                Per.BATCH_NORM,
                false,
                i -> statistic.apply(i.getBatchNorms()).getMeanCount(),
                (i, n) -> statistic.apply(i.getBatchNorms()).getMean(n)));
        all.add(new FrameMetric(
                name + "_min",
                Per.BATCH_NORM,
                false,
                i -> statistic.apply(i.getBatchNorms()).getMinCount(),
                (i, n) -> statistic.apply(i.getBatchNorms()).getMin(n)));
        all.add(new FrameMetric(
                name + "_max",
                Per.BATCH_NORM,
                false,
                i -> statistic.apply(i.getBatchNorms()).getMaxCount(),
                (i, n) -> statistic.apply(i.getBatchNorms()).getMax(n)));
    }
}
