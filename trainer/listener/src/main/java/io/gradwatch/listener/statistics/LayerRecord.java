package io.gradwatch.listener.statistics;

import io.gradwatch.contract.v1.LayerStatistics;

/** Puts the statistics of one iteration together, layer after layer in forward order: gradients, then updates. */
final class LayerRecord {
    private final int layers;
    private final double[] parameterL2;
    private int[] nans = new int[0];
    private int[] infinities = new int[0];
    private int gradients;
    private int updates;
    private LayerStatistics.Builder next = LayerStatistics.newBuilder();

    LayerRecord(int layers) {
        this.layers = layers;
        this.parameterL2 = new double[layers];
    }

    /** Begins an iteration. */
    void begin() {
        next = LayerStatistics.newBuilder();
        nans = new int[layers];
        infinities = new int[layers];
        gradients = 0;
        updates = 0;
    }

    /** The next layer's gradient, summed over {@code batch} examples, and the norm of its weights before the step. */
    void gradient(Moments moments, double weightsL2, int batch) {
        next.addMeanAbs((float) (moments.meanAbs() / batch))
                .addL2((float) (moments.l2() / batch))
                .addMaxAbs((float) (moments.maxAbs() / batch))
                .addZeroFraction((float) moments.zeroFraction())
                .addParameterL2((float) weightsL2);
        parameterL2[gradients] = weightsL2;
        nans[gradients] = moments.nans();
        infinities[gradients] = moments.infinities();
        gradients++;
    }

    /** The next layer's applied update. */
    void update(double l2) {
        next.addUpdateRatio((float) (l2 / parameterL2[updates++]));
    }

    LayerStatistics build() {
        if (any(nans)) {
            for (int count : nans) {
                next.addNanCount(count);
            }
        }
        if (any(infinities)) {
            for (int count : infinities) {
                next.addInfCount(count);
            }
        }
        return next.build();
    }

    private static boolean any(int[] counts) {
        for (int count : counts) {
            if (count != 0) {
                return true;
            }
        }
        return false;
    }
}
