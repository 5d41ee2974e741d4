package io.gradwatch.telemetry.live;

import io.vertx.core.buffer.Buffer;

/** API draft: {@code GET /runs/{id}/heatmap} as a frame. Cells are row-major; a cell without rows has count 0 and NaN. */
public final class HeatmapFrame {
    private HeatmapFrame() {}

    /**
     * Encodes a heat map.
     *
     * @param starts first iteration of every column
     * @param mean, min, max, nan, inf, count {@code rows * starts.length} cells, row-major
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
        throw new UnsupportedOperationException();
    }
}
