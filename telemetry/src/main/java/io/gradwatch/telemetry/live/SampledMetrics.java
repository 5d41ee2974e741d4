package io.gradwatch.telemetry.live;

import io.gradwatch.contract.v1.ActivationStatistics;
import io.gradwatch.contract.v1.Curvature;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.Resources;
import io.gradwatch.contract.v1.Shattering;
import io.gradwatch.telemetry.live.FrameMetric.Per;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/** The metrics that are there in some iterations only. */
final class SampledMetrics {
    /** All of the API, in its order. */
    static final List<FrameMetric> ALL = List.of(
            activation("mean", ActivationStatistics::getMeanCount, ActivationStatistics::getMean),
            activation(
                    "std", ActivationStatistics::getStandardDeviationCount, ActivationStatistics::getStandardDeviation),
            activation(
                    "negative_fraction",
                    ActivationStatistics::getNegativeFractionCount,
                    ActivationStatistics::getNegativeFraction),
            activation(
                    "one_sided_fraction",
                    ActivationStatistics::getOneSidedFractionCount,
                    ActivationStatistics::getOneSidedFraction),
            curvature("step", false, Curvature::hasStep, Curvature::getStep),
            curvature("gradient_square", true, Curvature::hasGradientSquare, Curvature::getGradientSquare),
            curvature("gradient_curvature", true, Curvature::hasGradientCurvature, Curvature::getGradientCurvature),
            curvature("predicted_change", true, Curvature::hasPredictedChange, Curvature::getPredictedChange),
            curvature("actual_change", true, Curvature::hasActualChange, Curvature::getActualChange),
            curvature("cost_ms", false, Curvature::hasCostMs, Curvature::getCostMs),
            shattering("correlation", Shattering::hasCorrelation, Shattering::getCorrelation),
            FrameMetric.sampled(
                    "shattering.layer_correlation",
                    Per.LAYER,
                    false,
                    i -> i.getShattering().getLayerCorrelationCount(),
                    (i, n) -> i.getShattering().getLayerCorrelation(n)),
            shattering("cost_ms", Shattering::hasCostMs, Shattering::getCostMs),
            resource("process_cpu", false, Resources::hasProcessCpu, Resources::getProcessCpu),
            resource("system_cpu", false, Resources::hasSystemCpu, Resources::getSystemCpu),
            resource("heap_bytes", true, Resources::hasHeapBytes, Resources::getHeapBytes),
            resource("resident_bytes", true, Resources::hasResidentBytes, Resources::getResidentBytes),
            resource("native_bytes", true, Resources::hasNativeBytes, Resources::getNativeBytes),
            resource("gpu", false, Resources::hasGpu, Resources::getGpu),
            resource("gpu_bytes", true, Resources::hasGpuBytes, Resources::getGpuBytes));

    private static final int ACTIVATIONS = 8;
    private static final int CURVATURE = 16;
    private static final int SHATTERING = 32;
    private static final int RESOURCES = 64;

    private SampledMetrics() {}

    /** Bits of the block {@code flags}: what was sampled in this iteration. */
    static int flags(Iteration i) {
        return (i.hasActivations() ? ACTIVATIONS : 0)
                | (i.hasCurvature() ? CURVATURE : 0)
                | (i.hasShattering() ? SHATTERING : 0)
                | (i.hasResources() ? RESOURCES : 0);
    }

    /** Layers that the samples of an iteration speak of. */
    static int layers(Iteration iteration) {
        if (!iteration.hasActivations() && !iteration.hasShattering()) {
            return 0;
        }
        ActivationStatistics a = iteration.getActivations();
        int most = Math.max(a.getMeanCount(), a.getStandardDeviationCount());
        most = Math.max(most, Math.max(a.getNegativeFractionCount(), a.getOneSidedFractionCount()));
        return Math.max(most, iteration.getShattering().getLayerCorrelationCount());
    }

    private interface LayerValue {
        float at(ActivationStatistics statistics, int layer);
    }

    private static FrameMetric activation(String name, ToIntFunction<ActivationStatistics> count, LayerValue value) {
        return FrameMetric.sampled(
                "activation." + name,
                Per.LAYER,
                false,
                i -> count.applyAsInt(i.getActivations()),
                (i, n) -> value.at(i.getActivations(), n));
    }

    private static FrameMetric curvature(
            String name, boolean wide, Predicate<Curvature> has, ToDoubleFunction<Curvature> value) {
        return FrameMetric.sampled(
                "curvature." + name,
                Per.ITERATION,
                wide,
                i -> has.test(i.getCurvature()) ? 1 : 0,
                (i, n) -> value.applyAsDouble(i.getCurvature()));
    }

    private static FrameMetric shattering(String name, Predicate<Shattering> has, ToDoubleFunction<Shattering> value) {
        return FrameMetric.sampled(
                "shattering." + name,
                Per.ITERATION,
                false,
                i -> has.test(i.getShattering()) ? 1 : 0,
                (i, n) -> value.applyAsDouble(i.getShattering()));
    }

    private static FrameMetric resource(
            String name, boolean wide, Predicate<Resources> has, ToDoubleFunction<Resources> value) {
        return FrameMetric.sampled(
                "resources." + name,
                Per.ITERATION,
                wide,
                i -> has.test(i.getResources()) ? 1 : 0,
                (i, n) -> value.applyAsDouble(i.getResources()));
    }
}
