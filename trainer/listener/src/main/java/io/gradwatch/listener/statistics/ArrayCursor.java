package io.gradwatch.listener.statistics;

import io.gradwatch.listener.network.WeightLayer.Slot;
import java.util.List;

/** Walks ranges of a {@link FlatArray} in pieces that fit the processor's cache, through buffers that it reuses. */
final class ArrayCursor {
    /** 64 KiB of floats. */
    private static final int PIECE = 16_384;

    /** Takes elements, in order. */
    @FunctionalInterface
    interface Pieces {
        void add(float[] elements, int count);
    }

    private final SquareSum squareSum = new SquareSum();
    private float[] floats = new float[0];
    private double[] doubles = new double[0];
    private float[] narrowed = new float[0];

    /** Adds all elements of the ranges. */
    void add(FlatArray array, List<Slot> slots, Moments to) {
        for (Slot slot : slots) {
            for (long done = 0; done < slot.length(); ) {
                int count = piece(slot.length() - done);
                if (array.doubles()) {
                    to.add(doubles(array, slot.offset() + done, count), count);
                } else {
                    to.add(floats(array, slot.offset() + done, count), count);
                }
                done += count;
            }
        }
    }

    /** Adds all elements of the ranges, each divided by {@code divisor}. */
    void add(FlatArray array, List<Slot> slots, float divisor, Magnitudes to) {
        for (Slot slot : slots) {
            for (long done = 0; done < slot.length(); ) {
                int count = piece(slot.length() - done);
                if (array.doubles()) {
                    to.add(doubles(array, slot.offset() + done, count), count, divisor);
                } else {
                    to.add(floats(array, slot.offset() + done, count), count, divisor);
                }
                done += count;
            }
        }
    }

    /** Euclidean norm of all elements of the ranges; NaN and infinities go through. */
    double l2(FlatArray array, List<Slot> slots) {
        double squares = 0;
        for (Slot slot : slots) {
            for (long done = 0; done < slot.length(); ) {
                int count = piece(slot.length() - done);
                squares += array.doubles()
                        ? squareSum.of(doubles(array, slot.offset() + done, count), count)
                        : squareSum.of(floats(array, slot.offset() + done, count), count);
                done += count;
            }
        }
        return Math.sqrt(squares);
    }

    /** Walks over all elements, rounded to single precision. */
    void each(FlatArray array, Pieces to) {
        for (long done = 0; done < array.length(); ) {
            int count = piece(array.length() - done);
            if (array.doubles()) {
                if (narrowed.length == 0) {
                    narrowed = new float[PIECE];
                }
                copy(array, done, narrowed, count);
                to.add(narrowed, count);
            } else {
                to.add(floats(array, done, count), count);
            }
            done += count;
        }
    }

    /** Copies elements, whatever their precision. */
    void copy(FlatArray array, long offset, double[] to, int count) {
        if (array.doubles()) {
            array.read(offset, to, count);
            return;
        }
        for (int done = 0; done < count; ) {
            int part = piece(count - done);
            float[] read = floats(array, offset + done, part);
            for (int i = 0; i < part; i++) {
                to[done + i] = read[i];
            }
            done += part;
        }
    }

    /** Copies elements, rounded to single precision. */
    void copy(FlatArray array, long offset, float[] to, int count) {
        if (!array.doubles()) {
            array.read(offset, to, count);
            return;
        }
        for (int done = 0; done < count; ) {
            int part = piece(count - done);
            double[] read = doubles(array, offset + done, part);
            for (int i = 0; i < part; i++) {
                to[done + i] = (float) read[i];
            }
            done += part;
        }
    }

    private static int piece(long left) {
        return (int) Math.min(PIECE, left);
    }

    private float[] floats(FlatArray array, long offset, int count) {
        if (floats.length == 0) {
            floats = new float[PIECE];
        }
        array.read(offset, floats, count);
        return floats;
    }

    private double[] doubles(FlatArray array, long offset, int count) {
        if (doubles.length == 0) {
            doubles = new double[PIECE];
        }
        array.read(offset, doubles, count);
        return doubles;
    }
}
