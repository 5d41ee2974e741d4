package io.gradwatch.listener.statistics;

import io.gradwatch.listener.network.TrainedModel;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Share of a batch that a classifier gets right, from what its output layer saw in the forward pass.
 *
 * <p>Training never keeps the output's activations, so the layer's product is made once more; the softmax is left out,
 * because it does not change which class is largest.
 */
public final class BatchAccuracy {
    private final int classes;
    private final ArrayCursor cursor = new ArrayCursor();
    private final OutputScores scores;
    private float[] wanted = new float[0];

    /** For models with this output. */
    public BatchAccuracy(@Nullable Layer output) {
        this.classes = classesOf(output);
        this.scores = new OutputScores(classes);
    }

    /**
     * Number of classes, 0 when the model is not a classifier: it has one output, dense, with a softmax over two or more
     * classes.
     */
    public int classes() {
        return classes;
    }

    private static int classesOf(@Nullable Layer output) {
        if (output instanceof IOutputLayer
                && output.conf().getLayer() instanceof BaseOutputLayer conf
                && !(conf instanceof RnnOutputLayer)
                && conf.getActivationFn() instanceof ActivationSoftmax
                && conf.getNOut() >= 2) {
            return Math.toIntExact(conf.getNOut());
        }
        return 0;
    }

    /**
     * What the output layer saw.
     *
     * @param input [batch, width]
     * @param labels [batch, classes], or [batch, 1] when they are numbers of classes
     */
    record Seen(Layer output, INDArray input, INDArray labels, int batch, boolean oneHot) {}

    /** What is needed to tell the share; null when it cannot be said. */
    @Nullable
    Seen seen(TrainedModel model) {
        Layer output = model.output();
        if (classes == 0 || output == null || model.masked()) {
            return null;
        }
        INDArray input = output.input();
        INDArray labels = ((IOutputLayer) output).getLabels();
        if (input == null || labels == null || input.rank() != 2 || labels.rank() != 2 || labels.size(0) == 0) {
            return null;
        }
        int batch = Math.toIntExact(labels.size(0));
        boolean oneHot = labels.size(1) == classes;
        return input.size(0) == batch && (oneHot || labels.size(1) == 1)
                ? new Seen(output, input, labels, batch, oneHot)
                : null;
    }

    /**
     * The share, 0 to 1; null when it cannot be said: not a classifier, masked labels, no examples. An example whose
     * scores are all NaN counts as wrong. Called while the output layer still holds its input, in onBackwardPass.
     */
    public @Nullable Float of(TrainedModel model) {
        Seen seen = seen(model);
        if (seen == null) {
            return null;
        }
        int batch = seen.batch();
        boolean oneHot = seen.oneHot();
        scores.read(seen.output(), seen.input(), batch);
        int right = 0;
        int labelWidth = oneHot ? classes : 1;
        if (wanted.length < batch * labelWidth) {
            wanted = new float[batch * labelWidth];
        }
        try (FlatArray flat = FlatArray.of(seen.labels())) {
            cursor.copy(flat, 0, wanted, batch * labelWidth);
        }
        for (int row = 0; row < batch; row++) {
            int label = oneHot ? largest(wanted, row * classes) : (int) wanted[row];
            if (label >= 0 && label == largest(scores.of(row), 0)) {
                right++;
            }
        }
        return (float) right / batch;
    }

    /** Position of the largest of {@code classes} values, -1 when none is above minus infinity: when all are NaN. */
    private int largest(float[] values, int from) {
        int best = -1;
        float most = Float.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            if (values[from + c] > most) {
                most = values[from + c];
                best = c;
            }
        }
        return best;
    }
}
