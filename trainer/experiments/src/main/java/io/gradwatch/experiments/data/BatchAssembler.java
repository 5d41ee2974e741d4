package io.gradwatch.experiments.data;

import java.util.Arrays;

/**
 * Turns images into a network's numbers: augmented, each channel normalised as in the paper, height × width × channels,
 * with one-hot labels. Pure; safe for any thread.
 */
final class BatchAssembler {
    private static final float[] MEAN = {0.4914f, 0.4822f, 0.4465f};
    private static final float[] DEVIATION = {0.2023f, 0.1994f, 0.2010f};

    private static final int SIZE = LabelledImages.SIZE;
    private static final int CHANNELS = LabelledImages.CHANNELS;

    /** Floats of one image. */
    static final int FEATURES = CHANNELS * LabelledImages.PIXELS;

    /** Floats of one label. */
    static final int LABELS = LabelledImages.CLASSES;

    /** Normalised value of each byte, by channel. */
    private static final float[][] NORMALISED = new float[CHANNELS][256];

    static {
        for (int channel = 0; channel < CHANNELS; channel++) {
            for (int value = 0; value < 256; value++) {
                NORMALISED[channel][value] = (value / 255f - MEAN[channel]) / DEVIATION[channel];
            }
        }
    }

    private final ImageSubset subset;
    private final Augmentation augmentation;

    BatchAssembler(ImageSubset subset, Augmentation augmentation) {
        this.subset = subset;
        this.augmentation = augmentation;
    }

    /**
     * Writes one image and its label.
     *
     * @param position of the image in the subset
     * @param random decides the augmentation
     * @param slot which image of the batch it becomes
     * @param features receives {@link #FEATURES} floats at {@code slot * FEATURES}
     * @param labels receives {@link #LABELS} floats at {@code slot * LABELS}
     */
    void write(int position, Randomness random, int slot, float[] features, float[] labels) {
        int image = subset.index(position);
        int down = 0;
        int right = 0;
        boolean mirrored = false;
        if (augmentation.cropAndFlip()) {
            int shifts = 2 * Augmentation.BORDER + 1;
            down = random.nextInt(shifts) - Augmentation.BORDER;
            right = random.nextInt(shifts) - Augmentation.BORDER;
            mirrored = random.nextInt(2) == 1;
        }
        int at = slot * FEATURES;
        writePixels(LabelledImages.offset(image), down, right, mirrored, features, at);
        if (augmentation.noise() > 0) {
            addNoise(random, features, at);
        }
        int label = slot * LABELS;
        Arrays.fill(labels, label, label + LABELS, 0);
        labels[label + subset.images().label(image)] = 1;
    }

    private void writePixels(int image, int down, int right, boolean mirrored, float[] features, int start) {
        byte[] bytes = subset.images().records();
        int at = start;
        for (int row = 0; row < SIZE; row++) {
            int fromRow = row + down;
            boolean inside = fromRow >= 0 && fromRow < SIZE;
            for (int column = 0; column < SIZE; column++) {
                int fromColumn = (mirrored ? SIZE - 1 - column : column) + right;
                boolean black = !inside || fromColumn < 0 || fromColumn >= SIZE;
                int pixel = image + fromRow * SIZE + fromColumn;
                for (int channel = 0; channel < CHANNELS; channel++) {
                    int value = black ? 0 : bytes[pixel + channel * LabelledImages.PIXELS] & 0xFF;
                    features[at++] = NORMALISED[channel][value];
                }
            }
        }
    }

    private void addNoise(Randomness random, float[] features, int start) {
        float noise = (float) augmentation.noise();
        float red = noise / DEVIATION[0];
        float green = noise / DEVIATION[1];
        float blue = noise / DEVIATION[2];
        for (int at = start; at < start + FEATURES; at += CHANNELS) {
            features[at] += red * random.nextNormal();
            features[at + 1] += green * random.nextNormal();
            features[at + 2] += blue * random.nextNormal();
        }
    }
}
