package io.gradwatch.listener.statistics;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Copies ranges of an array to the Java heap, in bulk. Not safe for more than one thread; close after use.
 *
 * <p>Single and double precision are read as they are; any other type (half precision) through a converted copy.
 */
public final class FlatArray implements AutoCloseable {
    /** Keeps the memory alive while it is read. */
    private final INDArray array;

    private final boolean doubles;
    private final FloatPointer floatPointer;
    private final DoublePointer doublePointer;

    private FlatArray(INDArray array) {
        this.array = array;
        this.doubles = array.dataType() == DataType.DOUBLE;
        var address = array.data().addressPointer();
        this.floatPointer = doubles ? new FloatPointer() : new FloatPointer(address);
        this.doublePointer = doubles ? new DoublePointer(address) : new DoublePointer();
    }

    /** Reads an array with its elements in C order, the last dimension fastest; one with gaps is copied first. */
    public static FlatArray of(INDArray array) {
        return of(array, 'c');
    }

    /** Reads an array with its elements in Fortran order, the first dimension fastest: as dense layers keep weights. */
    static FlatArray columns(INDArray array) {
        return of(array, 'f');
    }

    private static FlatArray of(INDArray array, char order) {
        INDArray readable = array;
        if (readable.dataType() != DataType.FLOAT && readable.dataType() != DataType.DOUBLE) {
            readable = readable.castTo(DataType.FLOAT);
        }
        if (!dense(readable, order)) {
            readable = readable.dup(order);
        }
        // does nothing on a CPU; on a GPU it brings the newest values to the host
        Nd4j.getAffinityManager().ensureLocation(readable, AffinityManager.Location.HOST);
        return new FlatArray(readable);
    }

    private static boolean dense(INDArray array, char order) {
        long expected = 1;
        int rank = array.rank();
        for (int i = 0; i < rank; i++) {
            int dimension = order == 'c' ? rank - 1 - i : i;
            if (array.size(dimension) != 1) {
                if (array.stride(dimension) != expected) {
                    return false;
                }
                expected *= array.size(dimension);
            }
        }
        return true;
    }

    /** Whether the elements are of double precision. */
    public boolean doubles() {
        return doubles;
    }

    public long length() {
        return array.length();
    }

    /** Copies single-precision elements; only when {@link #doubles} says no. */
    public void read(long offset, float[] to, int count) {
        check(offset, count);
        floatPointer.position(offset).get(to, 0, count);
    }

    /** Copies double-precision elements; only when {@link #doubles} says yes. */
    public void read(long offset, double[] to, int count) {
        check(offset, count);
        doublePointer.position(offset).get(to, 0, count);
    }

    private void check(long offset, int count) {
        if (offset < 0 || count < 0 || offset + count > array.length()) {
            throw new IndexOutOfBoundsException(offset + " + " + count + " of " + array.length());
        }
    }

    @Override
    public void close() {
        floatPointer.close();
        doublePointer.close();
    }
}
