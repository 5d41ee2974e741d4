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
            int from = example * width;
            int i = 0;
            for (; i <= width - 4; i += 4) {
                addScaled(inputs, from + i, weights[i], weights[i + 1], weights[i + 2], weights[i + 3], scores);
            }
            for (; i < width; i++) {
                addScaled(inputs[from + i], weights[i], scores);
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

    /** Four inputs at a time: a quarter of the loads and stores of the sums. */
    private static void addScaled(float[] factors, int at, float[] a, float[] b, float[] c, float[] d, float[] to) {
        float fa = factors[at];
        float fb = factors[at + 1];
        float fc = factors[at + 2];
        float fd = factors[at + 3];
        for (int i = 0; i < to.length; i++) {
            to[i] += fa * a[i] + fb * b[i] + fc * c[i] + fd * d[i];
        }
    }

    private void copy(FlatArray from, float[] to, int count) {
        try (from) {
            cursor.copy(from, 0, to, count);
        }
    }
}
