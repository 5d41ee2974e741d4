package io.gradwatch.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BatchAssemblerTest {
    private static final float[] MEAN = {0.4914f, 0.4822f, 0.4465f};
    private static final float[] DEVIATION = {0.2023f, 0.1994f, 0.2010f};

    private final ImageSubset images = Records.subset(8);
    private final float[] features = new float[2 * 3072];
    private final float[] labels = new float[2 * 100];

    @Test
    void normalisesEachChannelAndPutsChannelsLast() {
        new BatchAssembler(images, Augmentation.NONE).write(5, new Randomness(), 1, features, labels);

        for (int channel = 0; channel < 3; channel++) {
            float expected = (images.images().pixel(5, channel, 9, 20) / 255f - MEAN[channel]) / DEVIATION[channel];
            assertThat(features[3072 + (9 * 32 + 20) * 3 + channel]).isCloseTo(expected, within(1e-5f));
        }
    }

    @Test
    void marksTheOneClassAndClearsWhatWasThereBefore() {
        labels[103] = 1;

        new BatchAssembler(images, Augmentation.NONE).write(5, new Randomness(), 1, features, labels);

        for (int i = 0; i < 200; i++) {
            assertThat(labels[i]).as("label %d", i).isEqualTo(i == 105 ? 1 : 0);
        }
    }

    @Test
    void cutsAndMirrorsAsEveryShiftAndBothDirectionsAllow() {
        boolean[][][] seen = new boolean[9][9][2];
        int found = 0;
        BatchAssembler assembler = new BatchAssembler(images, new Augmentation(true, 0));
        for (int draw = 0; draw < 3000; draw++) {
            assembler.write(3, new Randomness(draw), 0, features, labels);
            int[] shift = shiftOf(3);
            assertThat(shift)
                    .as("draw %d is a shifted, perhaps mirrored image", draw)
                    .isNotNull();
            if (!seen[shift[0] + 4][shift[1] + 4][shift[2]]) {
                seen[shift[0] + 4][shift[1] + 4][shift[2]] = true;
                found++;
            }
        }
        assertThat(found).isEqualTo(9 * 9 * 2);
    }

    @Test
    void addsNoiseOfTheStrengthAskedFor() {
        float[] clean = new float[2 * 3072];
        new BatchAssembler(images, Augmentation.NONE).write(2, new Randomness(), 0, clean, labels);
        new BatchAssembler(images, new Augmentation(false, 0.1)).write(2, new Randomness(1), 0, features, labels);

        double squares = 0;
        for (int i = 0; i < 3072; i++) {
            double noise = (features[i] - clean[i]) * DEVIATION[i % 3];
            squares += noise * noise;
        }
        assertThat(Math.sqrt(squares / 3072)).isCloseTo(0.1, within(0.005));
    }

    /** Rows down, columns right and whether mirrored; empty if the features are not the image so changed. */
    private int[] shiftOf(int image) {
        for (int down = -4; down <= 4; down++) {
            for (int right = -4; right <= 4; right++) {
                for (int mirrored = 0; mirrored < 2; mirrored++) {
                    if (matches(image, down, right, mirrored == 1)) {
                        return new int[] {down, right, mirrored};
                    }
                }
            }
        }
        return new int[0];
    }

    private boolean matches(int image, int down, int right, boolean mirrored) {
        for (int row = 0; row < 32; row++) {
            for (int column = 0; column < 32; column++) {
                int r = row + down;
                int c = (mirrored ? 31 - column : column) + right;
                int value =
                        r < 0 || r > 31 || c < 0 || c > 31 ? 0 : images.images().pixel(image, 0, r, c);
                float expected = (value / 255f - MEAN[0]) / DEVIATION[0];
                if (Math.abs(features[(row * 32 + column) * 3] - expected) > 1e-5) {
                    return false;
                }
            }
        }
        return true;
    }
}
