package io.gradwatch.listener.statistics;

import io.gradwatch.contract.v1.BatchNormStatistics;
import io.gradwatch.contract.v1.Histogram;
import io.gradwatch.contract.v1.Histograms;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.listener.network.NetworkLayout;
import io.gradwatch.listener.network.TrainedModel;
import io.gradwatch.listener.network.WeightLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Statistics of one iteration after another, each read in two steps. */
public final class IterationStatistics {
    private final NetworkLayout layout;
    private final LayerReader layers;
    private final BatchNormReader batchNorms;
    private final ArrayCursor cursor = new ArrayCursor();
    private final Magnitudes magnitudes = new Magnitudes();
    private final @Nullable DeviceReader device;
    private BatchNormStatistics lastBatchNorms = BatchNormStatistics.getDefaultInstance();
    private int batch;
    private boolean ready;

    /** For networks of this layout. */
    public IterationStatistics(NetworkLayout layout) {
        this(layout, Reduction.chosen());
    }

    IterationStatistics(NetworkLayout layout, Reduction reduction) {
        this.layout = layout;
        this.device =
                reduction == Reduction.DEVICE && DeviceReader.accepts(layout) ? new DeviceReader(layout, cursor) : null;
        this.layers = new LayerReader(layout.layers(), cursor);
        this.batchNorms = new BatchNormReader(layout.batchNorms(), cursor);
    }

    /**
     * Share of the batch that is classified correctly, in onBackwardPass; null when it cannot be said, or when it comes
     * with {@link #update}, because it lies on a GPU.
     */
    public @Nullable Float accuracy(BatchAccuracy accuracy, TrainedModel model) {
        if (device == null) {
            return accuracy.of(model);
        }
        device.predictions(accuracy.seen(model));
        return null;
    }

    /**
     * Reads the gradient, before the updater turns it into an update in the same memory.
     *
     * @throws IllegalStateException when the model's arrays do not have the layout's length
     */
    public void gradient(TrainedModel model) {
        ready = false;
        if (device != null) {
            batch = model.batchSize();
            device.gradient(checked(model.gradient()), checked(model.parameters()));
            ready = true;
            return;
        }
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
        to.setBatchSize(batch);
        if (device != null) {
            device.update(checked(model.gradient()), batch, to);
            return;
        }
        try (FlatArray update = open(model.gradient())) {
            to.setLayers(layers.update(update));
        }
        if (!layout.batchNorms().isEmpty()) {
            to.setBatchNorms(lastBatchNorms);
        }
    }

    private FlatArray open(@Nullable INDArray array) {
        return FlatArray.of(checked(array));
    }

    private INDArray checked(@Nullable INDArray array) {
        if (array == null) {
            throw new IllegalStateException("the model has no gradient yet");
        }
        if (array.length() != layout.parameters()) {
            throw new IllegalStateException("the model has " + array.length() + " parameters, it had "
                    + layout.parameters() + " when the run began");
        }
        return array;
    }
}
