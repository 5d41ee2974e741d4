package io.gradwatch.experiments.data;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays of a fixed number of images, filled again and again. Belongs to one thread at a time. */
public final class Batch {
    private final INDArray features;
    private final INDArray labels;
    private int epoch;
    private int position;
    private boolean lastOfEpoch;

    /** Off-heap arrays for {@code size} images, outside of any workspace. */
    Batch(int size) {
        try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            features = Nd4j.createUninitialized(
                    DataType.FLOAT,
                    new long[] {size, LabelledImages.SIZE, LabelledImages.SIZE, LabelledImages.CHANNELS},
                    'c');
            labels = Nd4j.createUninitialized(DataType.FLOAT, new long[] {size, LabelledImages.CLASSES}, 'c');
        }
    }

    /** Normalised images, floats, [size, 32, 32, 3]: height, width, channels. */
    public INDArray features() {
        return features;
    }

    /** One-hot labels, floats, [size, 100]. */
    public INDArray labels() {
        return labels;
    }

    /** Number of images. */
    public int size() {
        return (int) labels.size(0);
    }

    /** The pass over the data that it belongs to, 0-based. */
    public int epoch() {
        return epoch;
    }

    /** Its place in the epoch, 0-based. */
    public int position() {
        return position;
    }

    public boolean isLastOfEpoch() {
        return lastOfEpoch;
    }

    /** Copies the first {@link #size} images and labels of {@code pixels} and {@code classes} into the arrays. */
    void fill(float[] pixels, float[] classes) {
        features.data().asNioFloat().put(pixels, 0, size() * BatchAssembler.FEATURES);
        labels.data().asNioFloat().put(classes, 0, size() * BatchAssembler.LABELS);
    }

    void place(int inEpoch, int at, boolean last) {
        epoch = inEpoch;
        position = at;
        lastOfEpoch = last;
    }
}
