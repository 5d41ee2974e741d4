package io.gradwatch.telemetry.live;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Lays out one binary frame: magic, header, blocks. docs/api.md, section "Frames", is the specification. */
final class FrameWriter {
    private static final byte[] MAGIC = {'G', 'W', 'F', '1'};

    private final StringBuilder header = new StringBuilder(4096).append('{');
    private final List<Block> blocks = new ArrayList<>();

    /** Writes a block's values, in order. */
    interface Values {
        void into(ByteBuffer out);
    }

    private record Block(int offset, int bytes, Values values) {}

    private int payload;
    private final StringBuilder descriptions = new StringBuilder(4096);

    FrameWriter text(String name, String value) {
        return raw(name, Json.encode(value));
    }

    FrameWriter number(String name, long value) {
        return raw(name, Long.toString(value));
    }

    FrameWriter flag(String name, boolean value) {
        return raw(name, Boolean.toString(value));
    }

    /** A field whose value is JSON already. */
    FrameWriter json(String name, String json) {
        return raw(name, json);
    }

    private FrameWriter raw(String name, String json) {
        header.append('"').append(name).append("\":").append(json).append(',');
        return this;
    }

    FrameWriter f32(String name, int size, Values values) {
        return block(name, "f32", 4, "[" + size + "]", size, values);
    }

    FrameWriter f32(String name, int rows, int columns, Values values) {
        return block(name, "f32", 4, "[" + rows + "," + columns + "]", Math.multiplyExact(rows, columns), values);
    }

    FrameWriter f64(String name, int size, Values values) {
        return block(name, "f64", 8, "[" + size + "]", size, values);
    }

    FrameWriter f64(String name, int rows, int columns, Values values) {
        return block(name, "f64", 8, "[" + rows + "," + columns + "]", Math.multiplyExact(rows, columns), values);
    }

    private FrameWriter block(String name, String dtype, int width, String shape, int size, Values values) {
        int offset = (payload + 7) & ~7;
        int bytes = Math.multiplyExact(size, width);
        descriptions
                .append(descriptions.isEmpty() ? "" : ",")
                .append("{\"name\":\"")
                .append(name)
                .append("\",\"dtype\":\"")
                .append(dtype)
                .append("\",\"shape\":")
                .append(shape)
                .append(",\"offset\":")
                .append(offset)
                .append('}');
        blocks.add(new Block(offset, bytes, values));
        payload = Math.addExact(offset, bytes);
        return this;
    }

    /** The frame. Call once. */
    Buffer frame() {
        byte[] json = header.append("\"blocks\":[")
                .append(descriptions)
                .append("]}")
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        int length = ((8 + json.length + 7) & ~7) - 8;
        byte[] bytes = new byte[8 + length + payload];
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.put(MAGIC).putInt(length).put(json);
        while (out.position() < 8 + length) {
            out.put((byte) ' ');
        }
        for (Block block : blocks) {
            out.position(8 + length + block.offset);
            block.values.into(out);
            if (out.position() != 8 + length + block.offset + block.bytes) {
                throw new IllegalStateException("a block's values do not fill its shape");
            }
        }
        return Buffer.buffer(bytes);
    }
}
