package io.gradwatch.telemetry.live;

import io.vertx.core.buffer.Buffer;

/** {@code GET /runs/{id}/heatmap} as a binary frame. */
public final class HeatmapFrame {
    private HeatmapFrame() {}

    /**
     * Encodes a heat map. The cell arrays are row-major and have {@code rows * starts.length} elements; a cell without rows
     * has count 0 and NaN in {@code mean}, {@code min} and {@code max}; one without a finite value has NaN there, too.
     *
     * @param width iterations of a column
     * @param starts first iteration of every column
     * @throws IllegalArgumentException when an array has another length
     */
    public static Buffer encode(
            String runId,
            String metric,
            long from,
            long to,
            long width,
            int rows,
            double[] starts,
            float[] mean,
            float[] min,
            float[] max,
            float[] nan,
            float[] inf,
            float[] count) {
        FrameWriter frame = new FrameWriter()
                .text("type", "heatmap")
                .text("run", runId)
                .text("metric", metric)
                .number("from", from)
                .number("to", to)
                .number("width", width)
                .number("rows", rows)
                .number("columns", starts.length)
                .f64("starts", starts.length, out -> {
                    for (double start : starts) {
                        out.putDouble(start);
                    }
                });
        cells(frame, "mean", rows, starts.length, mean);
        cells(frame, "min", rows, starts.length, min);
        cells(frame, "max", rows, starts.length, max);
        cells(frame, "nan", rows, starts.length, nan);
        cells(frame, "inf", rows, starts.length, inf);
        cells(frame, "count", rows, starts.length, count);
        return frame.frame();
    }

    private static void cells(FrameWriter frame, String name, int rows, int columns, float[] cells) {
        if (cells.length != rows * columns) {
            throw new IllegalArgumentException(
                    name + " has " + cells.length + " cells; accepted are " + rows + " x " + columns);
        }
        frame.f32(name, rows, columns, out -> {
            for (float cell : cells) {
                out.putFloat(cell);
            }
        });
    }
}
