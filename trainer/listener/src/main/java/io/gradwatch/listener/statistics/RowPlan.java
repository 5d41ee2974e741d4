package io.gradwatch.listener.statistics;

import io.gradwatch.listener.network.WeightLayer;
import io.gradwatch.listener.network.WeightLayer.Slot;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts the weights of all layers into rows of one width, so that one operation reduces every row of every layer. No row
 * has elements of two layers; the last row of an array of weights is filled up.
 *
 * @param width elements of a row
 * @param rows in the order of the layers
 */
record RowPlan(int width, List<Row> rows) {
    /** Long enough to keep a GPU's blocks busy, short enough that filling up costs little. */
    private static final int LONGEST = 4096;

    /**
     * A row.
     *
     * @param layer index of the layer that it belongs to
     * @param offset of its first element in the flattened arrays
     * @param length number of elements that are the layer's, 1 to the width
     */
    record Row(int layer, long offset, int length) {}

    RowPlan {
        rows = List.copyOf(rows);
    }

    static RowPlan of(List<WeightLayer> layers) {
        return of(layers, LONGEST);
    }

    static RowPlan of(List<WeightLayer> layers, int longest) {
        long most = layers.stream()
                .flatMap(layer -> layer.weights().stream())
                .mapToLong(Slot::length)
                .max()
                .orElse(1);
        int width = (int) Math.max(1, Math.min(longest, most));
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            for (Slot slot : layers.get(i).weights()) {
                for (long done = 0; done < slot.length(); done += width) {
                    rows.add(new Row(i, slot.offset() + done, (int) Math.min(width, slot.length() - done)));
                }
            }
        }
        return new RowPlan(width, rows);
    }

    /** For every element of every row, where it lies in the flattened arrays; {@code filler} where it is filled up. */
    int[] indices(int from, int to, int filler) {
        int[] indices = new int[(to - from) * width];
        int at = 0;
        for (Row row : rows.subList(from, to)) {
            for (int i = 0; i < width; i++) {
                indices[at++] = i < row.length() ? Math.toIntExact(row.offset() + i) : filler;
            }
        }
        return indices;
    }
}
