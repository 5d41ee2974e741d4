package io.gradwatch.telemetry.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.gradwatch.telemetry.history.Bucket;
import io.gradwatch.telemetry.history.HeatMap;
import io.gradwatch.telemetry.history.Metric;
import io.gradwatch.telemetry.history.Smoothed;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Series and heat maps as JSON, written without a tree: there may be hundreds of thousands of numbers. */
final class SeriesJson {
    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private static final JsonFactory FACTORY = new JsonFactory();

    private SeriesJson() {}

    static Buffer series(SeriesAnswer answer) {
        return written(json -> {
            json.writeStartObject();
            if (answer.alignment().isPresent()) {
                json.writeStringField("align", answer.alignment().get().label());
            }
            json.writeNumberField("from", answer.buckets().from());
            json.writeNumberField("to", answer.buckets().to());
            json.writeNumberField("width", answer.buckets().width());
            json.writeArrayFieldStart("series");
            for (SeriesLine line : answer.lines()) {
                Metric metric = line.series().metric();
                json.writeStartObject();
                if (answer.alignment().isPresent()) {
                    json.writeStringField("run", line.runId());
                }
                json.writeStringField("metric", metric.name());
                json.writeFieldName("layer");
                json.writeObject(line.series().layer());
                json.writeStringField("unit", metric.unit());
                json.writeArrayFieldStart("buckets");
                for (Bucket bucket : line.series().buckets()) {
                    bucket(json, metric, bucket, answer.smoothing().isPresent());
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void bucket(JsonGenerator json, Metric metric, Bucket b, boolean isSmoothed) throws IOException {
        json.writeStartObject();
        json.writeNumberField("from", b.from());
        json.writeNumberField("to", b.to());
        json.writeNumberField("count", b.count());
        raw(json, metric, "min", b.min());
        raw(json, metric, "max", b.max());
        if (b.mean() == null) {
            json.writeNullField("mean");
        } else {
            json.writeNumberField("mean", b.mean());
        }
        raw(json, metric, "first", b.first());
        raw(json, metric, "last", b.last());
        json.writeNumberField("nan", b.nan());
        json.writeNumberField("inf", b.inf());
        if (isSmoothed) {
            json.writeFieldName("smoothed");
            smoothed(json, b.smoothed());
        }
        json.writeEndObject();
    }

    private static void smoothed(JsonGenerator json, @Nullable Smoothed s) throws IOException {
        if (s == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeNumberField("count", s.count());
        json.writeNumberField("min", s.min());
        json.writeNumberField("max", s.max());
        json.writeNumberField("mean", s.mean());
        json.writeNumberField("first", s.first());
        json.writeNumberField("last", s.last());
        json.writeEndObject();
    }

    /** A value as it was measured: with the digits of a float or double, or whole. NaN and infinities become strings. */
    private static void raw(JsonGenerator json, Metric metric, String name, @Nullable Double value) throws IOException {
        if (value == null) {
            json.writeNullField(name);
        } else {
            switch (metric.kind()) {
                case COUNT -> json.writeNumberField(name, value.longValue());
                case DOUBLE -> json.writeNumberField(name, value);
                case FLOAT -> json.writeNumberField(name, value.floatValue());
            }
        }
    }

    static Buffer heatMap(Metric metric, HeatMap map) {
        return written(json -> {
            json.writeStartObject();
            json.writeStringField("metric", metric.name());
            json.writeNumberField("from", map.buckets().from());
            json.writeNumberField("to", map.buckets().to());
            json.writeNumberField("width", map.buckets().width());
            json.writeNumberField("rows", map.rows());
            json.writeNumberField("columns", map.columns());
            json.writeArrayFieldStart("starts");
            for (int column = 0; column < map.columns(); column++) {
                json.writeNumber(map.buckets().start(column));
            }
            json.writeEndArray();
            cells(json, "mean", map, map.mean(), false);
            cells(json, "min", map, map.min(), false);
            cells(json, "max", map, map.max(), false);
            cells(json, "nan", map, map.nan(), true);
            cells(json, "inf", map, map.inf(), true);
            cells(json, "count", map, map.count(), true);
            json.writeEndObject();
        });
    }

    private static void cells(JsonGenerator json, String name, HeatMap map, float[] cells, boolean whole)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (int row = 0; row < map.rows(); row++) {
            json.writeStartArray();
            for (int cell = row * map.columns(); cell < (row + 1) * map.columns(); cell++) {
                if (map.count()[cell] == 0 || Float.isNaN(cells[cell])) {
                    json.writeNull();
                } else if (whole) {
                    json.writeNumber((long) cells[cell]);
                } else {
                    json.writeNumber(cells[cell]);
                }
            }
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    private static Buffer written(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 << 10);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            body.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Buffer.buffer(bytes.toByteArray());
    }
}
