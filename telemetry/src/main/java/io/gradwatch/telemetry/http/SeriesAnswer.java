package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.history.Alignment;
import io.gradwatch.telemetry.history.Bucket;
import io.gradwatch.telemetry.history.Buckets;
import io.gradwatch.telemetry.history.Smoothed;
import io.gradwatch.telemetry.history.Smoothing;
import io.gradwatch.telemetry.live.SeriesFrame;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Series as they are answered.
 *
 * @param alignment empty where there is one run: the answer does not name runs then
 */
record SeriesAnswer(
        Buckets buckets, Optional<Alignment> alignment, List<SeriesLine> lines, Optional<Smoothing> smoothing) {

    static SeriesAnswer ofOne(Buckets buckets, List<SeriesLine> lines, Optional<Smoothing> smoothing) {
        return new SeriesAnswer(buckets, Optional.empty(), lines, smoothing);
    }

    static SeriesAnswer ofSeveral(
            Buckets buckets, Alignment alignment, List<SeriesLine> lines, Optional<Smoothing> smoothing) {
        return new SeriesAnswer(buckets, Optional.of(alignment), lines, smoothing);
    }

    /** As a binary frame. */
    Buffer frame() {
        Map<String, double[]> blocks = new LinkedHashMap<>();
        blocks.put("mean", cells(b -> orNan(b.mean())));
        blocks.put("min", cells(b -> orNan(b.min())));
        blocks.put("max", cells(b -> orNan(b.max())));
        blocks.put("first", cells(b -> orNan(b.first())));
        blocks.put("last", cells(b -> orNan(b.last())));
        blocks.put("nan", counts(Bucket::nan));
        blocks.put("inf", counts(Bucket::inf));
        blocks.put("count", counts(Bucket::count));
        if (smoothing.isPresent()) {
            blocks.put("smoothed.mean", cells(b -> of(b.smoothed(), Smoothed::mean)));
            blocks.put("smoothed.min", cells(b -> of(b.smoothed(), Smoothed::min)));
            blocks.put("smoothed.max", cells(b -> of(b.smoothed(), Smoothed::max)));
            blocks.put("smoothed.first", cells(b -> of(b.smoothed(), Smoothed::first)));
            blocks.put("smoothed.last", cells(b -> of(b.smoothed(), Smoothed::last)));
            blocks.put("smoothed.count", counts(b -> {
                Smoothed smoothed = b.smoothed();
                return smoothed == null ? 0 : smoothed.count();
            }));
        }
        double[] starts = new double[buckets.number()];
        Arrays.setAll(starts, buckets::start);
        JsonArray names = new JsonArray();
        for (SeriesLine line : lines) {
            names.add(new JsonObject()
                    .put("run", line.runId())
                    .put("metric", line.series().metric().name())
                    .put("layer", line.series().layer())
                    .put("unit", line.series().metric().unit()));
        }
        return SeriesFrame.encode(
                alignment.orElse(Alignment.ITERATION).label(),
                buckets.from(),
                buckets.to(),
                buckets.width(),
                names.encode(),
                lines.size(),
                starts,
                blocks);
    }

    private double[] counts(ToDoubleFunction<Bucket> value) {
        return filled(value, 0);
    }

    private double[] cells(ToDoubleFunction<Bucket> value) {
        return filled(value, Double.NaN);
    }

    private double[] filled(ToDoubleFunction<Bucket> value, double nothing) {
        int columns = buckets.number();
        double[] cells = new double[Math.multiplyExact(lines.size(), columns)];
        Arrays.fill(cells, nothing);
        for (int line = 0; line < lines.size(); line++) {
            for (Bucket bucket : lines.get(line).series().buckets()) {
                int column = Math.toIntExact((bucket.from() - buckets.from()) / buckets.width());
                cells[line * columns + column] = value.applyAsDouble(bucket);
            }
        }
        return cells;
    }

    private static double orNan(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }

    private static double of(@Nullable Smoothed smoothed, ToDoubleFunction<Smoothed> value) {
        return smoothed == null ? Double.NaN : value.applyAsDouble(smoothed);
    }
}
