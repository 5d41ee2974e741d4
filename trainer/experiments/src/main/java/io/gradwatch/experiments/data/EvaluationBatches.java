package io.gradwatch.experiments.data;

import org.jspecify.annotations.Nullable;

/** The images of a subset in order and as they are, for measuring: batch after batch, on the caller's thread. */
public final class EvaluationBatches {
    private final ImageSubset subset;
    private final int batchSize;
    private final BatchAssembler assembler;
    private final float[] features;
    private final float[] labels;
    private final Batch full;
    private final @Nullable Batch remainder;

    /**
     * Arrays for batches of {@code batchSize} images (1 or more) are made once and used again and again.
     *
     * @param subset at least one image
     */
    public EvaluationBatches(ImageSubset subset, int batchSize) {
        this.subset = subset;
        this.batchSize = Math.min(batchSize, subset.size());
        assembler = new BatchAssembler(subset, Augmentation.NONE);
        features = new float[this.batchSize * BatchAssembler.FEATURES];
        labels = new float[this.batchSize * BatchAssembler.LABELS];
        full = new Batch(this.batchSize);
        remainder = subset.size() % this.batchSize == 0 ? null : new Batch(subset.size() % this.batchSize);
    }

    /** Number of batches. */
    public int count() {
        return (subset.size() + batchSize - 1) / batchSize;
    }

    /** Number of images of all batches. */
    public int images() {
        return subset.size();
    }

    /** Batch {@code position} of {@link #count}; valid until the next call. */
    public Batch get(int position) {
        int from = position * batchSize;
        boolean last = position == count() - 1;
        Batch batch = last && remainder != null ? remainder : full;
        Randomness unused = new Randomness();
        for (int slot = 0; slot < batch.size(); slot++) {
            assembler.write(from + slot, unused, slot, features, labels);
        }
        batch.fill(features, labels);
        batch.place(0, position, last);
        return batch;
    }
}
