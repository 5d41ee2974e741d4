package io.gradwatch.listener.statistics;

import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.listener.network.WeightLayer;
import java.util.List;

/** Statistics of the weight layers: the gradient before the updater, then the update after it. */
final class LayerReader {
    private final List<WeightLayer> layers;
    private final ArrayCursor cursor;
    private final Moments moments = new Moments();
    private final LayerRecord record;

    LayerReader(List<WeightLayer> layers, ArrayCursor cursor) {
        this.layers = layers;
        this.cursor = cursor;
        this.record = new LayerRecord(layers.size());
    }

    /** Reads the gradient, summed over {@code batch} examples, and the parameters before the step. */
    void gradient(FlatArray gradient, FlatArray parameters, int batch) {
        record.begin();
        for (WeightLayer layer : layers) {
            moments.reset();
            cursor.add(gradient, layer.weights(), moments);
            record.gradient(moments, cursor.l2(parameters, layer.weights()), batch);
        }
    }

    /** Reads the update that the optimiser made of the gradient, and completes the statistics. */
    LayerStatistics update(FlatArray update) {
        for (WeightLayer layer : layers) {
            record.update(cursor.l2(update, layer.weights()));
        }
        return record.build();
    }
}
