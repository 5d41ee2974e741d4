package io.gradwatch.listener.statistics;

import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.listener.network.WeightLayer;
import java.util.List;

/** Statistics of the weight layers: the gradient before the updater, then the update after it. */
final class LayerReader {
    private final List<WeightLayer> layers;
    private final ArrayCursor cursor;
    private final Moments moments = new Moments();
    private final double[] parameterL2;
    private LayerStatistics.Builder next = LayerStatistics.newBuilder();

    LayerReader(List<WeightLayer> layers, ArrayCursor cursor) {
        this.layers = layers;
        this.cursor = cursor;
        this.parameterL2 = new double[layers.size()];
    }

    /** Reads the gradient, summed over {@code batch} examples, and the parameters before the step. */
    void gradient(FlatArray gradient, FlatArray parameters, int batch) {
        LayerStatistics.Builder statistics = LayerStatistics.newBuilder();
        int[] nans = new int[layers.size()];
        int[] infinities = new int[layers.size()];
        boolean anyNan = false;
        boolean anyInfinity = false;
        for (int i = 0; i < layers.size(); i++) {
            WeightLayer layer = layers.get(i);
            moments.reset();
            cursor.add(gradient, layer.weights(), moments);
            parameterL2[i] = cursor.l2(parameters, layer.weights());
            statistics
                    .addMeanAbs((float) (moments.meanAbs() / batch))
                    .addL2((float) (moments.l2() / batch))
                    .addMaxAbs((float) (moments.maxAbs() / batch))
                    .addZeroFraction((float) moments.zeroFraction())
                    .addParameterL2((float) parameterL2[i]);
            nans[i] = moments.nans();
            infinities[i] = moments.infinities();
            anyNan |= nans[i] != 0;
            anyInfinity |= infinities[i] != 0;
        }
        for (int i = 0; anyNan && i < nans.length; i++) {
            statistics.addNanCount(nans[i]);
        }
        for (int i = 0; anyInfinity && i < infinities.length; i++) {
            statistics.addInfCount(infinities[i]);
        }
        next = statistics;
    }

    /** Reads the update that the optimiser made of the gradient, and completes the statistics. */
    LayerStatistics update(FlatArray update) {
        for (int i = 0; i < layers.size(); i++) {
            next.addUpdateRatio((float) (cursor.l2(update, layers.get(i).weights()) / parameterL2[i]));
        }
        return next.build();
    }
}
