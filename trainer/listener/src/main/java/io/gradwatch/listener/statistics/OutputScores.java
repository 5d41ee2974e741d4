package io.gradwatch.listener.statistics;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An output layer's scores before its softmax: input · weights + bias, row by row.
 *
 * <p>A small product is made here, because a call to the native library costs more than the product itself; a large one
 * there.
 */
final class OutputScores {
    /** Multiplications below which Java's loop is the faster one. */
    static final long SMALL = 4_000_000;

    private final ArrayCursor cursor = new ArrayCursor();
    private final int classes;
    private final float[] scores;
    private final float[] bias;
    private float[][] weights = new float[0][];
    private float[] column = new float[0];
    private float[] inputs = new float[0];
    private int width;
    private boolean product;

    OutputScores(int classes) {
        this.classes = classes;
        this.scores = new float[classes];
        this.bias = new float[classes];
    }

    /** Takes the layer's parameters and a batch of its inputs, [batch, width]. */
    void read(Layer output, INDArray input, int batch) {
        INDArray matrix = output.getParam("W");
        INDArray offsets = output.getParam("b");
        Arrays.fill(bias, 0);
        if (offsets != null) {
            copy(FlatArray.of(offsets), bias, classes);
        }
        width = Math.toIntExact(input.size(1));
        product = (long) batch * width * classes > SMALL;
        INDArray rows = product ? input.mmul(matrix) : input;
        int length = Math.toIntExact(rows.length());
        if (inputs.length < length) {
            inputs = new float[length];
        }
        copy(FlatArray.of(rows), inputs, length);
        if (!product) {
            readWeights(matrix);
        }
    }

    private void readWeights(INDArray matrix) {
        if (weights.length != width) {
            weights = new float[width][classes];
            column = new float[width * classes];
        }
        copy(FlatArray.columns(matrix), column, width * classes);
        for (int c = 0; c < classes; c++) {
            for (int i = 0; i < width; i++) {
                weights[i][c] = column[c * width + i];
            }
        }
    }

    /** Scores of all classes for one example of the batch. The array is reused. */
    float[] of(int example) {
        System.arraycopy(bias, 0, scores, 0, classes);
        if (product) {
            for (int c = 0; c < classes; c++) {
                scores[c] += inputs[example * classes + c];
            }
        } else {
            for (int i = 0; i < width; i++) {
                addScaled(inputs[example * width + i], weights[i], scores);
            }
        }
        return scores;
    }

    /** Without offsets into the arrays, so that the compiler makes vector instructions of it. */
    private static void addScaled(float factor, float[] from, float[] to) {
        for (int c = 0; c < to.length; c++) {
            to[c] += factor * from[c];
        }
    }

    private void copy(FlatArray from, float[] to, int count) {
        try (from) {
            cursor.copy(from, 0, to, count);
        }
    }
}
