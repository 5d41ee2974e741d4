package io.gradwatch.experiments.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Some of the images of a file, in a fixed order. Immutable. */
public final class ImageSubset {
    private final LabelledImages images;
    private final int[] indices;

    private ImageSubset(LabelledImages images, int[] indices) {
        this.images = images;
        this.indices = indices;
    }

    static ImageSubset all(LabelledImages images) {
        return new ImageSubset(images, IntStream.range(0, images.count()).toArray());
    }

    /** Those at {@code indices} from {@code from} to before {@code to}, in ascending order. */
    private static ImageSubset of(LabelledImages images, int[] indices, int from, int to) {
        int[] chosen = Arrays.copyOfRange(indices, from, to);
        Arrays.sort(chosen);
        return new ImageSubset(images, chosen);
    }

    /** Two subsets without a common image, chosen by {@code seed}: {@code size} of them, and the others. */
    static Split split(LabelledImages images, int size, long seed) {
        int[] indices = IntStream.range(0, images.count()).toArray();
        new Randomness(seed, "split".hashCode()).shuffle(indices);
        int others = indices.length - size;
        return new Split(of(images, indices, others, indices.length), of(images, indices, 0, others));
    }

    /** Number of images. */
    public int size() {
        return indices.length;
    }

    /** The file that the images are from. */
    public LabelledImages images() {
        return images;
    }

    /** Index into {@link #images} of the image at {@code position}. */
    public int index(int position) {
        return indices[position];
    }

    record Split(ImageSubset chosen, ImageSubset others) {}
}
