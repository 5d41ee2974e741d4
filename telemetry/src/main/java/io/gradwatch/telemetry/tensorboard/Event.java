package io.gradwatch.telemetry.tensorboard;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is of interest of a message {@code tensorflow.Event}.
 *
 * @param wallTime seconds since 1970
 * @param scalars values of its summary that are one number, as simple_value or as a tensor
 * @param others tags of its values that are not one number: images, histograms, texts
 */
record Event(double wallTime, long step, List<Scalar> scalars, List<String> others) {
    /** Every file begins with an event that says so. */
    static final String VERSION = "brain.Event:2";

    // field numbers of Event, Summary, Summary.Value and TensorProto
    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int VALUE = 1;
    private static final int TAG = 1;
    private static final int SIMPLE_VALUE = 2;
    private static final int TENSOR = 8;
    private static final int DTYPE = 1;
    private static final int CONTENT = 4;
    private static final int FLOAT_VAL = 5;
    private static final int DOUBLE_VAL = 6;

    private static final int DT_FLOAT = 1;
    private static final int DT_DOUBLE = 2;

    Event {
        scalars = List.copyOf(scalars);
        others = List.copyOf(others);
    }

    /** A value by its tag. */
    record Scalar(String tag, float value) {}

    /** The event that a file begins with. */
    static byte[] head(double wallTime) {
        return bytes(out -> {
            out.writeDouble(WALL_TIME, wallTime);
            out.writeString(FILE_VERSION, VERSION);
        });
    }

    byte[] encode() {
        byte[] summary = bytes(out -> {
            for (Scalar scalar : scalars) {
                byte[] value = bytes(v -> {
                    v.writeString(TAG, scalar.tag());
                    v.writeFloat(SIMPLE_VALUE, scalar.value());
                });
                out.writeByteArray(VALUE, value);
            }
        });
        return bytes(out -> {
            out.writeDouble(WALL_TIME, wallTime);
            out.writeInt64(STEP, step);
            out.writeByteArray(SUMMARY, summary);
        });
    }

    /** Reads one. */
    static Event decode(byte[] bytes) throws IOException {
        double wallTime = 0;
        long step = 0;
        List<Scalar> scalars = new ArrayList<>();
        List<String> others = new ArrayList<>();
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        for (int field = in.readTag(); field != 0; field = in.readTag()) {
            if (field == tag(WALL_TIME, WireFormat.WIRETYPE_FIXED64)) {
                wallTime = in.readDouble();
            } else if (field == tag(STEP, WireFormat.WIRETYPE_VARINT)) {
                step = in.readInt64();
            } else if (field == tag(SUMMARY, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                summary(in.readByteArray(), scalars, others);
            } else {
                in.skipField(field);
            }
        }
        return new Event(wallTime, step, scalars, others);
    }

    private static void summary(byte[] bytes, List<Scalar> scalars, List<String> others) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        for (int field = in.readTag(); field != 0; field = in.readTag()) {
            if (field == tag(VALUE, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                value(in.readByteArray(), scalars, others);
            } else {
                in.skipField(field);
            }
        }
    }

    private static void value(byte[] bytes, List<Scalar> scalars, List<String> others) throws IOException {
        String name = "";
        Float number = null;
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        for (int field = in.readTag(); field != 0; field = in.readTag()) {
            if (field == tag(TAG, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                name = in.readString();
            } else if (field == tag(SIMPLE_VALUE, WireFormat.WIRETYPE_FIXED32)) {
                number = in.readFloat();
            } else if (field == tag(TENSOR, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                number = tensor(in.readByteArray());
            } else {
                in.skipField(field);
            }
        }
        if (number == null) {
            others.add(name);
        } else {
            scalars.add(new Scalar(name, number));
        }
    }

    /** The number that a tensor is; null when it is not one float or double. */
    private static @Nullable Float tensor(byte[] bytes) throws IOException {
        int type = 0;
        byte[] content = new byte[0];
        List<Double> values = new ArrayList<>();
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        for (int field = in.readTag(); field != 0; field = in.readTag()) {
            if (field == tag(DTYPE, WireFormat.WIRETYPE_VARINT)) {
                type = in.readEnum();
            } else if (field == tag(CONTENT, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                content = in.readByteArray();
            } else if (field == tag(FLOAT_VAL, WireFormat.WIRETYPE_FIXED32)) {
                values.add((double) in.readFloat());
            } else if (field == tag(DOUBLE_VAL, WireFormat.WIRETYPE_FIXED64)) {
                values.add(in.readDouble());
            } else if (field == tag(FLOAT_VAL, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                ByteBuffer packed = ByteBuffer.wrap(in.readByteArray()).order(ByteOrder.LITTLE_ENDIAN);
                while (packed.remaining() >= Float.BYTES) {
                    values.add((double) packed.getFloat());
                }
            } else if (field == tag(DOUBLE_VAL, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                ByteBuffer packed = ByteBuffer.wrap(in.readByteArray()).order(ByteOrder.LITTLE_ENDIAN);
                while (packed.remaining() >= Double.BYTES) {
                    values.add(packed.getDouble());
                }
            } else {
                in.skipField(field);
            }
        }
        ByteBuffer raw = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        if (type == DT_FLOAT && content.length == Float.BYTES) {
            return raw.getFloat();
        }
        if (type == DT_DOUBLE && content.length == Double.BYTES) {
            return (float) raw.getDouble();
        }
        boolean number = type == DT_FLOAT || type == DT_DOUBLE;
        return number && content.length == 0 && values.size() == 1
                ? Float.valueOf((float) (double) values.get(0))
                : null;
    }

    private static int tag(int field, int wireType) {
        return field << 3 | wireType;
    }

    private interface Writing {
        void to(CodedOutputStream out) throws IOException;
    }

    private static byte[] bytes(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            writing.to(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // in memory
        }
        return bytes.toByteArray();
    }
}
