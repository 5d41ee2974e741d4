package io.gradwatch.listener.statistics;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An output layer's scores before its softmax: input · weights + bias, row by row.
 *
 * <p>A small product is made here, because a call to the native library costs more than the product itself; a large one
 * there.
 */
final class OutputScores {
    /** Multiplications below which Java's loop is the faster one. */
    private static final long SMALL = 4_000_000;

    private final ArrayCursor cursor = new ArrayCursor();
    private final int classes;
    private double[] scores = new double[0];
    private double[] inputs = new double[0];
    private double[] columns = new double[0];
    private double[] rows = new double[0];
    private double[] bias = new double[0];

    OutputScores(int classes) {
        this.classes = classes;
    }

    /** Scores of all classes for one example after the other. The array is reused, and may be longer. */
    double[] of(Layer output, INDArray input, int batch) {
        INDArray weights = output.getParam("W");
        int width = Math.toIntExact(input.size(1));
        scores = atLeast(scores, batch * classes);
        if ((long) batch * width * classes > SMALL) {
            read(FlatArray.of(input.mmul(weights)), scores, batch * classes);
            addBias(output.getParam("b"), batch);
        } else {
            Arrays.fill(scores, 0, batch * classes, 0);
            addBias(output.getParam("b"), batch);
            multiply(input, weights, batch, width);
        }
        return scores;
    }

    private void multiply(INDArray input, INDArray weights, int batch, int width) {
        inputs = atLeast(inputs, batch * width);
        read(FlatArray.of(input), inputs, batch * width);
        columns = atLeast(columns, width * classes);
        read(FlatArray.columns(weights), columns, width * classes);
        rows = atLeast(rows, width * classes);
        for (int c = 0; c < classes; c++) {
            for (int i = 0; i < width; i++) {
                rows[i * classes + c] = columns[c * width + i];
            }
        }
        for (int example = 0; example < batch; example++) {
            for (int i = 0; i < width; i++) {
                addScaled(inputs[example * width + i], rows, i * classes, scores, example * classes, classes);
            }
        }
    }

    /** The inner loop by itself, so that the compiler makes vector instructions of it. */
    private static void addScaled(double factor, double[] from, int fromOffset, double[] to, int toOffset, int count) {
        for (int c = 0; c < count; c++) {
            to[toOffset + c] += factor * from[fromOffset + c];
        }
    }

    private void addBias(@Nullable INDArray array, int batch) {
        if (array == null) {
            return;
        }
        bias = atLeast(bias, classes);
        read(FlatArray.of(array), bias, classes);
        for (int example = 0; example < batch; example++) {
            for (int c = 0; c < classes; c++) {
                scores[example * classes + c] += bias[c];
            }
        }
    }

    private void read(FlatArray from, double[] to, int count) {
        try (from) {
            cursor.copy(from, 0, to, count);
        }
    }

    private static double[] atLeast(double[] array, int length) {
        return array.length >= length ? array : new double[length];
    }
}
