package io.gradwatch.listener.probe;

import io.gradwatch.listener.network.WeightLayer.Slot;
import io.gradwatch.listener.statistics.FlatArray;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Sums over ranges of two flattened arrays, in double precision whatever the arrays' own. */
final class Products {
    private static final int PIECE = 16_384;

    private Products() {}

    /** Takes pairs of elements. */
    @FunctionalInterface
    interface Pairs {
        void add(double[] a, double[] b, int count);
    }

    /** The scalar product. */
    static double dot(INDArray a, INDArray b, List<Slot> ranges) {
        double[] sum = new double[1];
        each(a, b, ranges, (x, y, count) -> {
            double s = 0;
            for (int i = 0; i < count; i++) {
                s += x[i] * y[i];
            }
            sum[0] += s;
        });
        return sum[0];
    }

    /** Walks over both arrays at once. */
    static void each(INDArray a, INDArray b, List<Slot> ranges, Pairs to) {
        double[] x = new double[PIECE];
        double[] y = new double[PIECE];
        float[] floats = new float[PIECE];
        try (FlatArray first = FlatArray.of(a);
                FlatArray second = FlatArray.of(b)) {
            for (Slot range : ranges) {
                for (long done = 0; done < range.length(); ) {
                    int count = (int) Math.min(PIECE, range.length() - done);
                    read(first, range.offset() + done, x, count, floats);
                    read(second, range.offset() + done, y, count, floats);
                    to.add(x, y, count);
                    done += count;
                }
            }
        }
    }

    private static void read(FlatArray array, long offset, double[] to, int count, float[] floats) {
        if (array.doubles()) {
            array.read(offset, to, count);
            return;
        }
        array.read(offset, floats, count);
        for (int i = 0; i < count; i++) {
            to[i] = floats[i];
        }
    }
}
