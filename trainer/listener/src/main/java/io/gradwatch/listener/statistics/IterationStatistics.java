package io.gradwatch.listener.statistics;

import io.gradwatch.contract.v1.BatchNormStatistics;
import io.gradwatch.contract.v1.Histogram;
import io.gradwatch.contract.v1.Histograms;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.listener.network.NetworkLayout;
import io.gradwatch.listener.network.TrainedModel;
import io.gradwatch.listener.network.WeightLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Statistics of one iteration after another, each read in two steps. */
public final class IterationStatistics {
    private final NetworkLayout layout;
    private final LayerReader layers;
    private final BatchNormReader batchNorms;
    private final ArrayCursor cursor = new ArrayCursor();
    private final Magnitudes magnitudes = new Magnitudes();
    private BatchNormStatistics lastBatchNorms = BatchNormStatistics.getDefaultInstance();
    private int batch;
    private boolean ready;

    /** For networks of this layout. */
    public IterationStatistics(NetworkLayout layout) {
        this.layout = layout;
        this.layers = new LayerReader(layout.layers(), cursor);
        this.batchNorms = new BatchNormReader(layout.batchNorms(), cursor);
    }

    /**
     * Reads the gradient, before the updater turns it into an update in the same memory.
     *
     * @throws IllegalStateException when the model's arrays do not have the layout's length
     */
    public void gradient(TrainedModel model) {
        ready = false;
        try (FlatArray gradient = open(model.gradient());
                FlatArray parameters = open(model.parameters())) {
            batch = model.batchSize();
            layers.gradient(gradient, parameters, batch);
            lastBatchNorms = batchNorms.read(gradient, parameters);
        }
        ready = true;
    }

    /**
     * Counts the magnitudes of gradient and weights, after {@link #gradient} and before the updater.
     *
     * @throws IllegalStateException when the model's arrays do not have the layout's length
     */
    public Histograms.Builder histograms(TrainedModel model) {
        Histograms.Builder histograms = Histograms.newBuilder();
        try (FlatArray gradient = open(model.gradient());
                FlatArray parameters = open(model.parameters())) {
            for (WeightLayer layer : layout.layers()) {
                histograms.addGradients(histogram(gradient, layer, model.batchSize()));
                histograms.addParameters(histogram(parameters, layer, 1));
            }
        }
        return histograms;
    }

    private Histogram histogram(FlatArray array, WeightLayer layer, int divisor) {
        magnitudes.reset();
        cursor.add(array, layer.weights(), divisor, magnitudes);
        return magnitudes.histogram();
    }

    /**
     * Reads the applied update, and gives everything to the record.
     *
     * @throws IllegalStateException when no gradient was read for this iteration
     */
    public void update(TrainedModel model, Iteration.Builder to) {
        if (!ready) {
            throw new IllegalStateException("an iteration ended whose gradient was not seen");
        }
        ready = false;
        try (FlatArray update = open(model.gradient())) {
            to.setLayers(layers.update(update));
        }
        to.setBatchSize(batch);
        if (!layout.batchNorms().isEmpty()) {
            to.setBatchNorms(lastBatchNorms);
        }
    }

    private FlatArray open(@org.jspecify.annotations.Nullable INDArray array) {
        if (array == null) {
            throw new IllegalStateException("the model has no gradient yet");
        }
        if (array.length() != layout.parameters()) {
            throw new IllegalStateException("the model has " + array.length() + " parameters, it had "
                    + layout.parameters() + " when the run began");
        }
        return FlatArray.of(array);
    }
}
