package io.gradwatch.telemetry.history;

import io.gradwatch.contract.v1.ActivationStatistics;
import io.gradwatch.contract.v1.BatchNormStatistics;
import io.gradwatch.contract.v1.Curvature;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.Resources;
import io.gradwatch.contract.v1.Shattering;
import io.gradwatch.contract.v1.Summary;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.util.Random;
import java.util.function.Consumer;

/** Records with everything that the format allows: NaN, infinities, spikes, absent fields, empty arrays. */
public final class RandomRecords {
    private final Random random;

    public RandomRecords(long seed) {
        this.random = new Random(seed);
    }

    /** A record whose arrays have these lengths, or are empty now and then. */
    public IterationRecord record(String runId, int attempt, long iteration, long seq, int layers, int batchNorms) {
        Iteration.Builder i = Iteration.newBuilder()
                .setIteration(iteration)
                .setEpoch(random.nextInt())
                .setBatchSize(random.nextInt(500))
                .setDropped(random.nextInt(3));
        maybe(() -> i.setLoss(value()));
        maybe(() -> i.setAccuracy(value()));
        maybe(() -> i.setLearningRate(value()));
        maybe(() -> i.setIterationMs(value()));
        maybe(() -> i.setTelemetryMs(value()));
        maybe(() -> i.setLayers(layers(layers)));
        maybe(() -> i.setBatchNorms(batchNorms(batchNorms)));
        if (random.nextInt(5) == 0) {
            maybe(() -> i.setActivations(activations(layers)));
            maybe(() -> i.setCurvature(curvature()));
            maybe(() -> i.setShattering(shattering(layers)));
            maybe(() -> i.setResources(resources()));
        }
        return new IterationRecord(runId, attempt, 3, seq, random.nextLong(), i.build());
    }

    /** Any float: ordinary, tiny, a spike, zero, NaN or infinite. */
    public float value() {
        return switch (random.nextInt(12)) {
            case 0 -> Float.NaN;
            case 1 -> random.nextBoolean() ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
            case 2 -> (float) (random.nextGaussian() * 1e30);
            case 3 -> Float.MIN_VALUE * random.nextInt(100);
            case 4 -> 0;
            default -> (float) random.nextGaussian();
        };
    }

    private LayerStatistics layers(int n) {
        LayerStatistics.Builder l = LayerStatistics.newBuilder();
        array(n, l::addMeanAbs);
        array(n, l::addL2);
        array(n, l::addMaxAbs);
        array(n, l::addZeroFraction);
        array(n, v -> l.addNanCount(random.nextInt()));
        array(n, v -> l.addInfCount(random.nextInt(9)));
        array(n, l::addParameterL2);
        array(n, l::addUpdateRatio);
        return l.build();
    }

    private ActivationStatistics activations(int n) {
        ActivationStatistics.Builder a = ActivationStatistics.newBuilder();
        array(n, a::addMean);
        array(n, a::addStandardDeviation);
        array(n, a::addNegativeFraction);
        array(n, a::addOneSidedFraction);
        return a.build();
    }

    private Curvature curvature() {
        Curvature.Builder c = Curvature.newBuilder();
        maybe(() -> c.setStep(value()));
        maybe(() -> c.setGradientSquare(wide()));
        maybe(() -> c.setGradientCurvature(wide()));
        maybe(() -> c.setPredictedChange(wide()));
        maybe(() -> c.setActualChange(wide()));
        maybe(() -> c.setCostMs(value()));
        return c.build();
    }

    private Shattering shattering(int n) {
        Shattering.Builder s = Shattering.newBuilder();
        maybe(() -> s.setCorrelation(value()));
        array(n, s::addLayerCorrelation);
        maybe(() -> s.setCostMs(value()));
        return s.build();
    }

    private Resources resources() {
        Resources.Builder r = Resources.newBuilder();
        maybe(() -> r.setProcessCpu(value()));
        maybe(() -> r.setSystemCpu(value()));
        maybe(() -> r.setHeapBytes(random.nextLong() >>> 12));
        maybe(() -> r.setResidentBytes(random.nextLong() >>> 12));
        maybe(() -> r.setNativeBytes(random.nextInt(3)));
        maybe(() -> r.setGpu(value()));
        maybe(() -> r.setGpuBytes(random.nextLong() >>> 12));
        return r.build();
    }

    /** Any double, with digits that a float does not have; or below what a float can hold. */
    private double wide() {
        return random.nextInt(4) == 0 ? random.nextDouble() * 1e-60 : value() * (1 + 1e-9);
    }

    private BatchNormStatistics batchNorms(int n) {
        BatchNormStatistics.Builder b = BatchNormStatistics.newBuilder();
        maybe(() -> b.setGamma(summary(n)));
        maybe(() -> b.setBeta(summary(n)));
        maybe(() -> b.setBatchMean(summary(n)));
        maybe(() -> b.setBatchVariance(summary(n)));
        maybe(() -> b.setRunningMean(summary(n)));
        maybe(() -> b.setRunningVariance(summary(n)));
        array(n, b::addDrift);
        return b.build();
    }

    private Summary summary(int n) {
        Summary.Builder s = Summary.newBuilder();
        array(n, s::addMean);
        array(n, s::addMin);
        array(n, s::addMax);
        return s.build();
    }

    private void array(int n, Consumer<Float> element) {
        maybe(() -> {
            for (int k = 0; k < n; k++) {
                element.accept(value());
            }
        });
    }

    private void maybe(Runnable set) {
        if (random.nextInt(6) != 0) {
            set.run();
        }
    }
}
