package io.gradwatch.experiments.data;

/**
 * Images of 32×32×3 with their labels, in the layout of CIFAR-100's binary files: records of one byte coarse label, one
 * byte fine label, and 1,024 bytes each of red, green and blue, rows first. Immutable.
 */
public final class LabelledImages {
    /** Height and width of an image. */
    public static final int SIZE = 32;

    /** Pixels of an image. */
    public static final int PIXELS = SIZE * SIZE;

    /** Red, green, blue. */
    public static final int CHANNELS = 3;

    /** Classes, told apart by the fine label. */
    public static final int CLASSES = 100;

    /** Super-classes, told apart by the coarse label. */
    static final int COARSE_CLASSES = 20;

    static final int HEADER_BYTES = 2;
    static final int RECORD_BYTES = HEADER_BYTES + CHANNELS * PIXELS;

    private final byte[] records;

    /** Takes over {@code records}, whose length is a multiple of {@link #RECORD_BYTES} and whose labels are in range. */
    LabelledImages(byte[] records) {
        this.records = records;
    }

    /** Number of images. */
    public int count() {
        return records.length / RECORD_BYTES;
    }

    /** Fine label of an image, 0 to 99. */
    public int label(int image) {
        return records[image * RECORD_BYTES + 1] & 0xFF;
    }

    /** Value of a pixel, 0 to 255; channel 0 is red, 1 green, 2 blue. */
    public int pixel(int image, int channel, int row, int column) {
        return records[offset(image) + channel * PIXELS + row * SIZE + column] & 0xFF;
    }

    /** The bytes of all images, not to be changed. */
    byte[] records() {
        return records;
    }

    /** Where an image's first red pixel lies in {@link #records}. */
    static int offset(int image) {
        return image * RECORD_BYTES + HEADER_BYTES;
    }
}
