package io.gradwatch.telemetry.rules.user;

import com.google.protobuf.Internal.FloatList;
import io.gradwatch.contract.v1.ActivationStatistics;
import io.gradwatch.contract.v1.BatchNormStatistics;
import io.gradwatch.contract.v1.Curvature;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.Resources;
import io.gradwatch.contract.v1.Shattering;
import io.gradwatch.contract.v1.Summary;
import io.gradwatch.telemetry.rules.Signals;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * A metric as rules see it, by its name in the API.
 *
 * @param per what there is one value of in an event
 * @param sampled whether it is there in some iterations only
 */
record Measure(String name, Per per, boolean sampled, Function<Signals, double[]> source) {
    enum Per {
        ITERATION,
        LAYER,
        BATCH_NORM,
        EPOCH
    }

    private static final double[] NOTHING = {};
    private static final Map<String, Measure> ALL = new Catalogue().all();

    static Measure read(String name) throws BadText {
        Measure measure = ALL.get(name);
        if (measure == null) {
            throw new BadText("there is no such metric" + Nearest.hint(name, ALL.keySet())
                    + "; accepted are the names under \"Metrics\" in docs/api.md, and of epochs train_loss,"
                    + " train_accuracy, validation_loss, validation_accuracy, test_loss, test_accuracy,"
                    + " epoch_duration_ms");
        }
        return measure;
    }

    static Set<String> names() {
        return ALL.keySet();
    }

    /** Values of one event; none where it was not measured. Of layers: by index. NaN is a measured NaN. */
    double[] of(Signals signals) {
        return source.apply(signals);
    }

    boolean hasLayers() {
        return per == Per.LAYER || per == Per.BATCH_NORM;
    }

    private static final class Catalogue {
        private final Map<String, Measure> all = new LinkedHashMap<>();

        Map<String, Measure> all() {
            run("loss", Iteration::hasLoss, Iteration::getLoss);
            run("accuracy", Iteration::hasAccuracy, Iteration::getAccuracy);
            run("learning_rate", Iteration::hasLearningRate, Iteration::getLearningRate);
            run("iteration_ms", Iteration::hasIterationMs, Iteration::getIterationMs);
            run("telemetry_ms", Iteration::hasTelemetryMs, Iteration::getTelemetryMs);
            run("dropped", i -> true, Iteration::getDropped);
            layer("gradient.mean_abs", LayerStatistics::getMeanAbsList);
            layer("gradient.l2", LayerStatistics::getL2List);
            layer("gradient.max_abs", LayerStatistics::getMaxAbsList);
            layer("gradient.zero_fraction", LayerStatistics::getZeroFractionList);
            counts("gradient.nan", LayerStatistics::getNanCountList);
            counts("gradient.inf", LayerStatistics::getInfCountList);
            layer("parameter.l2", LayerStatistics::getParameterL2List);
            layer("update.ratio", LayerStatistics::getUpdateRatioList);
            summary("bn.gamma", BatchNormStatistics::getGamma);
            summary("bn.beta", BatchNormStatistics::getBeta);
            summary("bn.batch_mean", BatchNormStatistics::getBatchMean);
            summary("bn.batch_var", BatchNormStatistics::getBatchVariance);
            summary("bn.running_mean", BatchNormStatistics::getRunningMean);
            summary("bn.running_var", BatchNormStatistics::getRunningVariance);
            batchNorm("bn.drift", BatchNormStatistics::getDriftList);
            for (String quantity : List.of("bn.batch_mean", "bn.batch_var", "bn.running_mean", "bn.running_var")) {
                Measure mean = all.get(quantity + "_mean");
                if (mean != null) {
                    all.put(quantity, new Measure(quantity, Per.BATCH_NORM, false, mean.source()));
                }
            }
            sampled();
            epochs();
            return Collections.unmodifiableMap(all);
        }

        private void sampled() {
            activation("activation.mean", ActivationStatistics::getMeanList);
            activation("activation.std", ActivationStatistics::getStandardDeviationList);
            activation("activation.negative_fraction", ActivationStatistics::getNegativeFractionList);
            activation("activation.one_sided_fraction", ActivationStatistics::getOneSidedFractionList);
            curvature("curvature.step", Curvature::hasStep, Curvature::getStep);
            curvature("curvature.gradient_square", Curvature::hasGradientSquare, Curvature::getGradientSquare);
            curvature("curvature.gradient_curvature", Curvature::hasGradientCurvature, Curvature::getGradientCurvature);
            curvature("curvature.predicted_change", Curvature::hasPredictedChange, Curvature::getPredictedChange);
            curvature("curvature.actual_change", Curvature::hasActualChange, Curvature::getActualChange);
            curvature("curvature.cost_ms", Curvature::hasCostMs, Curvature::getCostMs);
            shattering("shattering.correlation", Shattering::hasCorrelation, Shattering::getCorrelation);
            iteration(
                    "shattering.layer_correlation",
                    Per.LAYER,
                    true,
                    i -> floats(i.getShattering().getLayerCorrelationList()));
            shattering("shattering.cost_ms", Shattering::hasCostMs, Shattering::getCostMs);
            resources("resources.process_cpu", Resources::hasProcessCpu, Resources::getProcessCpu);
            resources("resources.system_cpu", Resources::hasSystemCpu, Resources::getSystemCpu);
            resources("resources.heap_bytes", Resources::hasHeapBytes, Resources::getHeapBytes);
            resources("resources.resident_bytes", Resources::hasResidentBytes, Resources::getResidentBytes);
            resources("resources.native_bytes", Resources::hasNativeBytes, Resources::getNativeBytes);
            resources("resources.gpu", Resources::hasGpu, Resources::getGpu);
            resources("resources.gpu_bytes", Resources::hasGpuBytes, Resources::getGpuBytes);
        }

        private void epochs() {
            epoch("train_loss", Epoch::hasTrainLoss, Epoch::getTrainLoss);
            epoch("train_accuracy", Epoch::hasTrainAccuracy, Epoch::getTrainAccuracy);
            epoch("validation_loss", Epoch::hasValidationLoss, Epoch::getValidationLoss);
            epoch("validation_accuracy", Epoch::hasValidationAccuracy, Epoch::getValidationAccuracy);
            epoch("test_loss", Epoch::hasTestLoss, Epoch::getTestLoss);
            epoch("test_accuracy", Epoch::hasTestAccuracy, Epoch::getTestAccuracy);
            epoch("epoch_duration_ms", Epoch::hasDurationMs, Epoch::getDurationMs);
        }

        private static <M> double[] one(M message, Predicate<M> has, ToDoubleFunction<M> value) {
            return has.test(message) ? new double[] {value.applyAsDouble(message)} : NOTHING;
        }

        private void run(String name, Predicate<Iteration> has, ToDoubleFunction<Iteration> value) {
            iteration(name, Per.ITERATION, false, i -> one(i, has, value));
        }

        private void layer(String name, Function<LayerStatistics, List<Float>> list) {
            iteration(name, Per.LAYER, false, i -> floats(list.apply(i.getLayers())));
        }

        private void counts(String name, Function<LayerStatistics, List<Integer>> list) {
            iteration(name, Per.LAYER, false, i -> {
                double[] values = new double[i.getLayers().getMeanAbsCount()];
                List<Integer> counts = list.apply(i.getLayers()); // empty on the wire: none in any layer
                for (int l = 0; l < Math.min(values.length, counts.size()); l++) {
                    values[l] = Integer.toUnsignedLong(counts.get(l));
                }
                return values;
            });
        }

        private void batchNorm(String name, Function<BatchNormStatistics, List<Float>> list) {
            iteration(name, Per.BATCH_NORM, false, i -> floats(list.apply(i.getBatchNorms())));
        }

        private void summary(String quantity, Function<BatchNormStatistics, Summary> summary) {
            batchNorm(quantity + "_mean", s -> summary.apply(s).getMeanList());
            batchNorm(quantity + "_min", s -> summary.apply(s).getMinList());
            batchNorm(quantity + "_max", s -> summary.apply(s).getMaxList());
        }

        private void activation(String name, Function<ActivationStatistics, List<Float>> list) {
            iteration(name, Per.LAYER, true, i -> floats(list.apply(i.getActivations())));
        }

        private void curvature(String name, Predicate<Curvature> has, ToDoubleFunction<Curvature> value) {
            iteration(name, Per.ITERATION, true, i -> one(i.getCurvature(), has, value));
        }

        private void shattering(String name, Predicate<Shattering> has, ToDoubleFunction<Shattering> value) {
            iteration(name, Per.ITERATION, true, i -> one(i.getShattering(), has, value));
        }

        private void resources(String name, Predicate<Resources> has, ToDoubleFunction<Resources> value) {
            iteration(name, Per.ITERATION, true, i -> one(i.getResources(), has, value));
        }

        private void iteration(String name, Per per, boolean sampled, Function<Iteration, double[]> source) {
            put(name, per, sampled, signals -> {
                Iteration iteration = signals.iteration();
                return iteration == null ? NOTHING : source.apply(iteration);
            });
        }

        private void epoch(String name, Predicate<Epoch> has, ToDoubleFunction<Epoch> value) {
            put(name, Per.EPOCH, false, signals -> {
                Epoch epoch = signals.epoch();
                return epoch == null ? NOTHING : one(epoch, has, value);
            });
        }

        private void put(String name, Per per, boolean sampled, Function<Signals, double[]> source) {
            all.put(name, new Measure(name, per, sampled, source));
        }

        private static double[] floats(List<Float> list) {
            double[] values = new double[list.size()];
            if (list instanceof FloatList unboxed) {
                for (int i = 0; i < values.length; i++) {
                    values[i] = unboxed.getFloat(i);
                }
            } else {
                for (int i = 0; i < values.length; i++) {
                    values[i] = list.get(i);
                }
            }
            return values;
        }
    }
}
