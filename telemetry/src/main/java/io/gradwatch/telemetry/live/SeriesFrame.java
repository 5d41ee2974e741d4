package io.gradwatch.telemetry.live;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code GET /runs/{id}/series} as a binary frame. */
public final class SeriesFrame {
    /** "GWF1", little-endian. */
    private static final int MAGIC = 0x31465747;

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

    /**
     * Frames over the same buckets as one.
     *
     * @param frames one or more
     * @param runs in whose order the series follow each other
     * @throws IllegalArgumentException a frame is none, or over other buckets
     */
    public static Buffer merged(List<Buffer> frames, List<String> runs) {
        record Line(JsonObject name, Parts frame, int row) {}
        List<Parts> parts = frames.stream().map(Parts::of).toList();
        List<Line> lines = new ArrayList<>();
        for (Parts part : parts) {
            if (!part.head("from", "to", "width", "buckets")
                    .equals(parts.get(0).head("from", "to", "width", "buckets"))) {
                throw new IllegalArgumentException("frames over different buckets");
            }
            JsonArray names = part.header().getJsonArray("series");
            for (int i = 0; i < names.size(); i++) {
                lines.add(new Line(names.getJsonObject(i), part, i));
            }
        }
        lines.sort(Comparator.comparingInt(line -> runs.indexOf(line.name().getString("run"))));
        JsonObject head = parts.get(0).header();
        int buckets = head.getInteger("buckets");
        Map<String, double[]> blocks = new LinkedHashMap<>();
        for (String block : parts.get(0).blocks().keySet()) {
            if (!block.equals("starts")) {
                double[] cells = new double[lines.size() * buckets];
                for (int i = 0; i < lines.size(); i++) {
                    double[] from = lines.get(i).frame().blocks().getOrDefault(block, new double[0]);
                    System.arraycopy(from, lines.get(i).row() * buckets, cells, i * buckets, buckets);
                }
                blocks.put(block, cells);
            }
        }
        return encode(
                head.getString("align"),
                head.getLong("from"),
                head.getLong("to"),
                head.getLong("width"),
                new JsonArray(lines.stream().map(Line::name).toList()).encode(),
                lines.size(),
                parts.get(0).blocks().getOrDefault("starts", new double[0]),
                blocks);
    }

    /** A frame, taken apart: all of its blocks are f64. */
    private record Parts(JsonObject header, Map<String, double[]> blocks) {
        static Parts of(Buffer frame) {
            ByteBuffer in = ByteBuffer.wrap(frame.getBytes()).order(ByteOrder.LITTLE_ENDIAN);
            if (frame.length() < 8 || in.getInt() != MAGIC) {
                throw new IllegalArgumentException("no frame");
            }
            int length = in.getInt();
            JsonObject header = new JsonObject(frame.getBuffer(8, 8 + length));
            Map<String, double[]> blocks = new LinkedHashMap<>();
            for (Object one : header.getJsonArray("blocks")) {
                JsonObject block = (JsonObject) one;
                int size = block.getJsonArray("shape").stream()
                        .mapToInt(n -> ((Number) n).intValue())
                        .reduce(1, Math::multiplyExact);
                double[] cells = new double[size];
                in.position(8 + length + block.getInteger("offset"));
                in.asDoubleBuffer().get(cells);
                blocks.put(block.getString("name"), cells);
            }
            return new Parts(header, blocks);
        }

        List<Object> head(String... names) {
            return Stream.of(names).map(header::getValue).toList();
        }
    }
}
