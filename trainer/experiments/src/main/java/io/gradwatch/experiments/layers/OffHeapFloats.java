package io.gradwatch.experiments.layers;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/**
 * The elements of a dense float array in memory order, for bulk copies to and from Java arrays. Valid as long as the
 * array's memory is; safe for several threads that touch different elements.
 */
final class OffHeapFloats {
    private static final boolean ARRAYS_ON_GPU = NativeBackend.onGpu();

    private final FloatBuffer buffer;

    private OffHeapFloats(FloatBuffer buffer) {
        this.buffer = buffer;
    }

    /**
     * Whether {@link #of} takes the array: floats in C order without gaps, at most 2^29 - 1 of them, in the machine's
     * memory and not in a GPU's.
     */
    static boolean accepts(INDArray array) {
        return accepts(array, ARRAYS_ON_GPU);
    }

    static boolean accepts(INDArray array, boolean arraysOnGpu) {
        return !arraysOnGpu
                && array.dataType() == DataType.FLOAT
                && array.ordering() == 'c'
                && array.length() <= Integer.MAX_VALUE / Float.BYTES
                && Shape.hasDefaultStridesForShape(array);
    }

    /** The array itself if {@link #of} takes it, else a copy that it does. */
    static INDArray dense(INDArray array) {
        return accepts(array) ? array : array.castTo(DataType.FLOAT).dup('c');
    }

    /** The elements of an accepted array, without copying. */
    static OffHeapFloats of(INDArray array) {
        FloatPointer start = new FloatPointer(array.data().addressPointer());
        return new OffHeapFloats(start.capacity(array.length())
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer());
    }

    /** Copies {@code count} elements from {@code offset} on to the beginning of {@code target}. */
    void read(int offset, float[] target, int count) {
        buffer.get(offset, target, 0, count);
    }

    /** Copies the first {@code count} elements of {@code source} to {@code offset}. */
    void write(int offset, float[] source, int count) {
        buffer.put(offset, source, 0, count);
    }

    /** All elements. */
    float[] toArray() {
        float[] all = new float[buffer.capacity()];
        read(0, all, all.length);
        return all;
    }
}
