package io.gradwatch.experiments.data;

/**
 * Generated images of 100 classes, for when there are no real ones: each class has a smooth random pattern of colours,
 * each image is its class's pattern in random strength, moved by up to three pixels, with a fainter pattern of another
 * class mixed in, under noise. Networks learn them, but figures reached on them say nothing about real images. Same
 * seed, same images, bit by bit, in every Java version.
 */
public final class SyntheticImages {
    /** Numbers of training, validation and test images where nothing else is asked for: made in a fraction of a second. */
    public static final int TRAIN_SIZE = 5_000;

    public static final int VALIDATION_SIZE = 500;
    public static final int TEST_SIZE = 500;

    /** Side of the coarse grid that a pattern is interpolated from. */
    private static final int GRID = 5;

    private static final int MOVE = 3;
    private static final int PATTERN_SIZE = LabelledImages.SIZE + 2 * MOVE;
    private static final float PATTERN_CONTRAST = 45;
    private static final float NOISE = 30;

    private final float[][] patterns = new float[LabelledImages.CLASSES][];
    private final long seed;

    private SyntheticImages(long seed) {
        this.seed = seed;
        for (int label = 0; label < patterns.length; label++) {
            patterns[label] = pattern(new Randomness(seed, "pattern".hashCode(), label));
        }
    }

    /**
     * Training, validation and test images. The classes are as even in number as can be.
     *
     * @param train number of training images, at least 1; likewise the others
     */
    public static ImageData generate(int train, int validation, int test, long seed) {
        SyntheticImages generator = new SyntheticImages(seed);
        LabelledImages all = generator.images(train + validation, "train".hashCode());
        ImageSubset.Split split = ImageSubset.split(all, validation, seed);
        return new ImageData(
                "synthetic",
                true,
                Digests.sha256(all.records()),
                split.others(),
                split.chosen(),
                ImageSubset.all(generator.images(test, "test".hashCode())));
    }

    private LabelledImages images(int count, int part) {
        byte[] records = new byte[Math.multiplyExact(count, LabelledImages.RECORD_BYTES)];
        for (int image = 0; image < count; image++) {
            Randomness random = new Randomness(seed, part, image);
            int label = image % LabelledImages.CLASSES;
            int at = LabelledImages.offset(image);
            records[at - 2] = (byte) (label / (LabelledImages.CLASSES / LabelledImages.COARSE_CLASSES));
            records[at - 1] = (byte) label;
            draw(patterns[label], patterns[random.nextInt(patterns.length)], random, records, at);
        }
        return new LabelledImages(records);
    }

    private static void draw(float[] pattern, float[] distraction, Randomness random, byte[] records, int offset) {
        int down = random.nextInt(2 * MOVE + 1);
        int right = random.nextInt(2 * MOVE + 1);
        float strength = 0.6f + 0.8f * random.nextFloat();
        float fainter = 0.8f * random.nextFloat();
        int at = offset;
        for (int channel = 0; channel < LabelledImages.CHANNELS; channel++) {
            for (int row = 0; row < LabelledImages.SIZE; row++) {
                int from = (channel * PATTERN_SIZE + row + down) * PATTERN_SIZE + right;
                for (int column = 0; column < LabelledImages.SIZE; column++) {
                    float signal = strength * pattern[from + column] + fainter * distraction[from + column];
                    float value = 120 + signal + NOISE * random.nextNormal();
                    records[at++] = (byte) Math.max(0, Math.min(255, Math.round(value)));
                }
            }
        }
    }

    /** A pattern of 38×38×3, interpolated between random values on a coarse grid: smooth, mean about 0. */
    private static float[] pattern(Randomness random) {
        float[] grid = new float[LabelledImages.CHANNELS * GRID * GRID];
        for (int i = 0; i < grid.length; i++) {
            grid[i] = PATTERN_CONTRAST * random.nextNormal();
        }
        float[] pattern = new float[LabelledImages.CHANNELS * PATTERN_SIZE * PATTERN_SIZE];
        float step = (GRID - 1f) / (PATTERN_SIZE - 1);
        int at = 0;
        for (int channel = 0; channel < LabelledImages.CHANNELS; channel++) {
            for (int row = 0; row < PATTERN_SIZE; row++) {
                for (int column = 0; column < PATTERN_SIZE; column++) {
                    pattern[at++] = interpolate(grid, channel * GRID * GRID, row * step, column * step);
                }
            }
        }
        return pattern;
    }

    private static float interpolate(float[] grid, int offset, float y, float x) {
        int row = Math.min((int) y, GRID - 2);
        int column = Math.min((int) x, GRID - 2);
        float down = y - row;
        float right = x - column;
        int at = offset + row * GRID + column;
        float upper = grid[at] * (1 - right) + grid[at + 1] * right;
        float lower = grid[at + GRID] * (1 - right) + grid[at + GRID + 1] * right;
        return upper * (1 - down) + lower * down;
    }
}
