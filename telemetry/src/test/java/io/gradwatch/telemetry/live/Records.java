package io.gradwatch.telemetry.live;

import io.gradwatch.contract.v1.BatchNormStatistics;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.Summary;
import io.gradwatch.telemetry.stream.IterationRecord;

/** Records as ingest hands them on. */
final class Records {
    static final String RUN = "20261123-160512-vgg38-4f2a";

    private Records() {}

    /** Two layers and one batch norm; every value is telling: layer l of iteration i has mean |g| i + l / 10. */
    static IterationRecord record(String run, int attempt, long seq, long iteration) {
        return new IterationRecord(
                run,
                attempt,
                0,
                seq,
                1_795_449_912_000L + iteration,
                iteration(iteration, 2, 1).build());
    }

    static IterationRecord record(long seq, long iteration) {
        return record(RUN, 1, seq, iteration);
    }

    static Iteration.Builder iteration(long iteration, int layers, int batchNorms) {
        LayerStatistics.Builder l = LayerStatistics.newBuilder();
        for (int i = 0; i < layers; i++) {
            float value = iteration + i / 10f;
            l.addMeanAbs(value)
                    .addL2(value * 2)
                    .addMaxAbs(value * 3)
                    .addZeroFraction(i / 8f)
                    .addParameterL2(1 + i)
                    .addUpdateRatio(0.001f);
        }
        BatchNormStatistics.Builder b = BatchNormStatistics.newBuilder();
        for (int i = 0; i < batchNorms; i++) {
            b.getGammaBuilder().addMean(1).addMin(0.5f).addMax(1.5f);
            b.getBetaBuilder().addMean(0.25f).addMin(-1).addMax(1);
            b.getBatchMeanBuilder().addMean(iteration).addMin(-2).addMax(2);
            b.getBatchVarianceBuilder().addMean(4).addMin(1).addMax(9);
            b.setRunningMean(summary(b.getRunningMean(), 0.125f));
            b.setRunningVariance(summary(b.getRunningVariance(), 2));
            b.addDrift(0.75f);
        }
        return Iteration.newBuilder()
                .setIteration(iteration)
                .setEpoch((int) (iteration / 475))
                .setBatchSize(100)
                .setLoss(4.5f - iteration / 1000f)
                .setAccuracy(0.01f)
                .setLearningRate(0.001f)
                .setIterationMs(80.5f)
                .setTelemetryMs(0.25f)
                .setDropped(3)
                .setLayers(l)
                .setBatchNorms(b);
    }

    private static Summary summary(Summary before, float value) {
        return before.toBuilder()
                .addMean(value)
                .addMin(value - 1)
                .addMax(value + 1)
                .build();
    }
}
