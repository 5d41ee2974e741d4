package io.gradwatch.telemetry.live;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads frames by docs/api.md, and nothing else: shares no code with the writer. */
final class FrameReader {
    final JsonObject header;
    final Map<String, double[]> blocks = new LinkedHashMap<>();

    FrameReader(Buffer frame) {
        byte[] bytes = frame.getBytes();
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (in.get() != 'G' || in.get() != 'W' || in.get() != 'F' || in.get() != '1') {
            throw new AssertionError("not a frame");
        }
        int length = in.getInt();
        if ((8 + length) % 8 != 0) {
            throw new AssertionError("the header ends at " + (8 + length));
        }
        header = new JsonObject(Buffer.buffer(frame.getBytes(8, 8 + length)));
        for (Object o : header.getJsonArray("blocks")) {
            JsonObject block = (JsonObject) o;
            int size = 1;
            for (Object n : block.getJsonArray("shape")) {
                size *= (Integer) n;
            }
            int offset = block.getInteger("offset");
            if (offset % 8 != 0) {
                throw new AssertionError(block.getString("name") + " begins at " + offset);
            }
            in.position(8 + length + offset);
            double[] values = new double[size];
            for (int i = 0; i < size; i++) {
                values[i] = block.getString("dtype").equals("f64") ? in.getDouble() : in.getFloat();
            }
            blocks.put(block.getString("name"), values);
        }
    }

    double[] block(String name) {
        double[] block = blocks.get(name);
        if (block == null) {
            throw new AssertionError("no block " + name + " in " + blocks.keySet());
        }
        return block;
    }

    long seqFrom() {
        return header.getLong("seqFrom");
    }

    long seqTo() {
        return header.getLong("seqTo");
    }

    long prev() {
        return header.getLong("prev");
    }

    boolean conflated() {
        return header.getBoolean("conflated");
    }

    /** The frame's contents as JSON: numbers that JSON has no form for are strings. */
    JsonObject json() {
        JsonObject values = new JsonObject();
        blocks.forEach((name, block) -> {
            JsonArray array = new JsonArray();
            for (double value : block) {
                array.add(Double.isFinite(value) ? value : String.valueOf(value));
            }
            values.put(name, array);
        });
        return new JsonObject().put("header", header).put("blocks", values);
    }
}
