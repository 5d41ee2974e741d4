package io.gradwatch.experiments.network;

import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Structured images: each class a coarse pattern of 4×4 patches, plus noise; one-hot labels. */
record SyntheticBatch(INDArray images, INDArray labels) {
    private static final int CLASSES = 100;
    private static final int SIZE = 32;
    private static final int CHANNELS = 3;
    private static final int PATCH = 8;

    static SyntheticBatch of(int batchSize, long seed) {
        Random patterns = new Random(99);
        double[] pattern = patterns.doubles(CLASSES * CHANNELS * 16, -1.4, 1.4).toArray();
        Random random = new Random(seed);
        float[] pixels = new float[batchSize * SIZE * SIZE * CHANNELS];
        float[] oneHot = new float[batchSize * CLASSES];
        for (int image = 0, at = 0; image < batchSize; image++) {
            int label = random.nextInt(CLASSES);
            oneHot[image * CLASSES + label] = 1;
            for (int y = 0; y < SIZE; y++) {
                for (int x = 0; x < SIZE; x++) {
                    int patch = y / PATCH * (SIZE / PATCH) + x / PATCH;
                    for (int channel = 0; channel < CHANNELS; channel++, at++) {
                        pixels[at] = (float)
                                (pattern[(label * 16 + patch) * CHANNELS + channel] + 0.6 * random.nextGaussian());
                    }
                }
            }
        }
        return new SyntheticBatch(
                Nd4j.createFromArray(pixels).reshape('c', batchSize, SIZE, SIZE, CHANNELS),
                Nd4j.createFromArray(oneHot).reshape('c', batchSize, CLASSES));
    }

    SyntheticBatch as(DataType type) {
        return new SyntheticBatch(images.castTo(type), labels.castTo(type));
    }
}
