package io.gradwatch.telemetry.live;

import io.vertx.core.buffer.Buffer;
import java.util.Map;

/** {@code GET /runs/{id}/series} as a binary frame. */
public final class SeriesFrame {
    private SeriesFrame() {}

    /**
     * Encodes series.
     *
     * @param align what the buckets are counted in
     * @param width of a bucket
     * @param names the series in their order, as a JSON array
     * @param lines number of series
     * @param starts where every bucket begins
     * @param blocks by name: row-major, {@code lines * starts.length} elements each
     * @throws IllegalArgumentException when a block has another length
     */
    public static Buffer encode(
            String align,
            long from,
            long to,
            long width,
            String names,
            int lines,
            double[] starts,
            Map<String, double[]> blocks) {
        FrameWriter frame = new FrameWriter()
                .text("type", "series")
                .text("align", align)
                .number("from", from)
                .number("to", to)
                .number("width", width)
                .number("buckets", starts.length)
                .json("series", names)
                .f64("starts", starts.length, out -> {
                    for (double start : starts) {
                        out.putDouble(start);
                    }
                });
        blocks.forEach((name, cells) -> {
            if (cells.length != lines * starts.length) {
                throw new IllegalArgumentException(
                        name + " has " + cells.length + " cells; accepted are " + lines + " x " + starts.length);
            }
            frame.f64(name, lines, starts.length, out -> {
                for (double cell : cells) {
                    out.putDouble(cell);
                }
            });
        });
        return frame.frame();
    }
}
