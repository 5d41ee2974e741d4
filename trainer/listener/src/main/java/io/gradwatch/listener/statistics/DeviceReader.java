package io.gradwatch.listener.statistics;

import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.listener.network.BatchNormLayer;
import io.gradwatch.listener.network.NetworkLayout;
import io.gradwatch.listener.network.WeightLayer;
import io.gradwatch.listener.statistics.BatchAccuracy.Seen;
import io.gradwatch.listener.statistics.DeviceArrays.Figure;
import io.gradwatch.listener.statistics.RowPlan.Row;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Statistics of networks whose arrays lie on a GPU: reduced there, and brought over once in an iteration, at its end. To
 * copy the arrays themselves would wait for the GPU twice in every iteration.
 */
final class DeviceReader {
    private final NetworkLayout layout;
    private final RowPlan plan;
    private final LayerRecord record;
    private final Moments moments = new Moments();
    private final ArrayCursor cursor;
    private final BatchNormReader batchNorms;
    private final int[] pick;
    private @Nullable DeviceArrays arrays;
    private double[] figures = new double[0];
    /** Examples whose predictions are waiting on the device, 0: none. */
    private int predicted;

    DeviceReader(NetworkLayout layout, ArrayCursor cursor) {
        this(layout, cursor, RowPlan.of(layout.layers()));
    }

    DeviceReader(NetworkLayout layout, ArrayCursor cursor, RowPlan plan) {
        this.layout = layout;
        this.cursor = cursor;
        this.plan = plan;
        this.record = new LayerRecord(layout.layers().size());
        int filler = Math.toIntExact(layout.parameters());
        List<BatchNormLayer> packed = new ArrayList<>();
        this.pick = pack(layout.batchNorms(), packed, filler);
        this.batchNorms = new BatchNormReader(packed, cursor);
    }

    /** Whether a network can be read here: its positions have to fit 32 bits. */
    static boolean accepts(NetworkLayout layout) {
        return layout.parameters() < Integer.MAX_VALUE;
    }

    /** What to pick for each layer: scale, shift, running mean, running variance; and the layers as they then lie. */
    private static int[] pack(List<BatchNormLayer> layers, List<BatchNormLayer> packed, int filler) {
        int[] pick =
                new int[layers.stream().mapToInt(layer -> 4 * layer.channels()).sum()];
        int at = 0;
        for (BatchNormLayer layer : layers) {
            int n = layer.channels();
            packed.add(new BatchNormLayer(
                    layer.name(),
                    layer.follows(),
                    n,
                    layer.gamma() < 0 ? -1 : at,
                    layer.beta() < 0 ? -1 : at + n,
                    layer.fixedGamma(),
                    layer.fixedBeta(),
                    at + 2L * n,
                    at + 3L * n,
                    layer.logarithmic(),
                    layer.decay(),
                    layer.epsilon()));
            for (long offset : new long[] {layer.gamma(), layer.beta(), layer.mean(), layer.deviation()}) {
                for (int c = 0; c < n; c++) {
                    pick[at++] = offset < 0 ? filler : Math.toIntExact(offset + c);
                }
            }
        }
        return pick;
    }

    /** Counts right predictions; nothing where they cannot be told. */
    void predictions(@Nullable Seen seen) {
        predicted = 0;
        if (seen != null) {
            try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
                arrays().extra(DevicePredictions.right(seen));
            }
            predicted = seen.batch();
        }
    }

    /** Reduces the gradient, and the parameters before the step. */
    void gradient(INDArray gradient, INDArray parameters) {
        try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            arrays().gradient(gradient, parameters);
        }
    }

    /** Reduces the update, brings everything over, and gives it to the record. */
    void update(INDArray update, int batch, Iteration.Builder to) {
        DeviceArrays device = arrays();
        try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            device.update(update);
        }
        copy(device.result());
        addLayers(device, batch, to);
        if (!layout.batchNorms().isEmpty()) {
            try (FlatArray gradient = FlatArray.of(device.picked().get(0));
                    FlatArray parameters = FlatArray.of(device.picked().get(1))) {
                to.setBatchNorms(batchNorms.read(gradient, parameters));
            }
        }
        if (predicted > 0) {
            to.setAccuracy((float) (figures[device.extraPosition()] / predicted));
            predicted = 0;
        }
    }

    /** The transfer: what is read of the result after it lies on the host already. */
    private void copy(INDArray result) {
        int length = Math.toIntExact(result.length());
        if (figures.length != length) {
            figures = new double[length];
        }
        try (FlatArray flat = FlatArray.of(result)) {
            cursor.copy(flat, 0, figures, length);
        }
    }

    private void addLayers(DeviceArrays device, int batch, Iteration.Builder to) {
        List<WeightLayer> layers = layout.layers();
        double[] updates = new double[layers.size()];
        record.begin();
        int at = 0;
        for (int i = 0; i < layers.size(); i++) {
            moments.reset();
            double parameterSquares = 0;
            for (; at < plan.rows().size() && plan.rows().get(at).layer() == i; at++) {
                addRow(device, plan.rows().get(at), at);
                parameterSquares += figure(device, Figure.PARAMETER_SQUARES, at);
                updates[i] += figure(device, Figure.UPDATE_SQUARES, at);
            }
            record.gradient(moments, Math.sqrt(parameterSquares), batch);
        }
        for (double squares : updates) {
            record.update(Math.sqrt(squares));
        }
        to.setLayers(record.build());
    }

    private void addRow(DeviceArrays device, Row row, int at) {
        long nans = (long) figure(device, Figure.NANS, at);
        long infinities = (long) figure(device, Figure.INFINITIES, at);
        // what fills up the row, and what is not finite, was counted as zero
        long notCounted = plan.width() - row.length() + nans + infinities;
        moments.merge(
                row.length() - nans - infinities,
                (long) figure(device, Figure.ZEROS, at) - notCounted,
                nans,
                infinities,
                figure(device, Figure.SUM, at),
                figure(device, Figure.SQUARES, at),
                figure(device, Figure.MAX, at));
    }

    private double figure(DeviceArrays device, Figure figure, int row) {
        return figures[device.position(figure) + row];
    }

    /** Made by the training thread, because each thread has its own GPU where there are several. */
    private DeviceArrays arrays() {
        DeviceArrays made = arrays;
        if (made == null) {
            try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
                made = new DeviceArrays(plan, Math.toIntExact(layout.parameters()), pick);
            }
            arrays = made;
        }
        return made;
    }
}
