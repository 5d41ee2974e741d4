package io.gradwatch.listener.statistics;

import io.gradwatch.contract.v1.BatchNormStatistics;
import io.gradwatch.contract.v1.Summary;
import io.gradwatch.listener.network.BatchNormLayer;
import java.util.List;

/**
 * Statistics of the batch-normalisation layers.
 *
 * <p>Deeplearning4j moves the running values through the gradient: where it stands for them, the flattened gradient holds
 * what will be subtracted, not divided by the batch size. With decay d that is (1-d)(running - batch) for the mean and
 * the variance; for the logarithm of the standard deviation, log10(old) - log10(new) where new² = d·old² + (1-d)·batch.
 * Solved for the batch's values, nothing else needs to be read.
 */
final class BatchNormReader {
    private final List<BatchNormLayer> layers;
    private final ArrayCursor cursor;
    private final double[][] work = new double[5][];

    BatchNormReader(List<BatchNormLayer> layers, ArrayCursor cursor) {
        this.layers = layers;
        this.cursor = cursor;
        int widest = layers.stream().mapToInt(BatchNormLayer::channels).max().orElse(0);
        for (int i = 0; i < work.length; i++) {
            work[i] = new double[widest];
        }
    }

    /** Reads the gradient and the parameters before the step. */
    BatchNormStatistics read(FlatArray gradient, FlatArray parameters) {
        if (layers.isEmpty()) {
            return BatchNormStatistics.getDefaultInstance();
        }
        BatchNormStatistics.Builder all = BatchNormStatistics.newBuilder();
        for (BatchNormLayer layer : layers) {
            int n = layer.channels();
            parameter(parameters, layer.gamma(), layer.fixedGamma(), n);
            summarise(work[0], n, all.getGammaBuilder());
            parameter(parameters, layer.beta(), layer.fixedBeta(), n);
            summarise(work[0], n, all.getBetaBuilder());

            double[] mean = work[0];
            double[] variance = work[1];
            double[] batchMean = work[2];
            double[] batchVariance = work[3];
            double[] change = work[4];
            double decay = layer.decay();
            cursor.copy(parameters, layer.mean(), mean, n);
            cursor.copy(gradient, layer.mean(), change, n);
            for (int c = 0; c < n; c++) {
                batchMean[c] = mean[c] - change[c] / (1 - decay);
            }
            cursor.copy(parameters, layer.deviation(), variance, n);
            cursor.copy(gradient, layer.deviation(), change, n);
            for (int c = 0; c < n; c++) {
                if (layer.logarithmic()) {
                    double old = Math.pow(10, 2 * variance[c]);
                    double moved = Math.pow(10, 2 * (variance[c] - change[c]));
                    variance[c] = old;
                    // rounding may leave a little less than nothing of a very small variance
                    batchVariance[c] = Math.max(0, (moved - decay * old) / (1 - decay));
                } else {
                    batchVariance[c] = variance[c] - change[c] / (1 - decay);
                }
            }
            summarise(batchMean, n, all.getBatchMeanBuilder());
            summarise(batchVariance, n, all.getBatchVarianceBuilder());
            summarise(mean, n, all.getRunningMeanBuilder());
            summarise(variance, n, all.getRunningVarianceBuilder());
            double drift = 0;
            for (int c = 0; c < n; c++) {
                drift += Math.abs(batchMean[c] - mean[c]) / Math.sqrt(variance[c] + layer.epsilon());
            }
            all.addDrift((float) (drift / n));
        }
        return all.build();
    }

    private void parameter(FlatArray parameters, long offset, double fixed, int n) {
        if (offset >= 0) {
            cursor.copy(parameters, offset, work[0], n);
        } else {
            java.util.Arrays.fill(work[0], 0, n, fixed);
        }
    }

    private static void summarise(double[] values, int n, Summary.Builder to) {
        double sum = 0;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            sum += values[i];
            min = Math.min(min, values[i]);
            max = Math.max(max, values[i]);
        }
        to.addMean((float) (sum / n)).addMin((float) min).addMax((float) max);
    }
}
