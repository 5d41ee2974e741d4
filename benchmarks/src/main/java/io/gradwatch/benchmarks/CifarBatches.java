package io.gradwatch.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The images of CIFAR-100's {@code train.bin} in the order of the file, as they are (no augmentation), normalised by
 * channel: the simplest batches that another program can make too.
 *
 * @param images [size, 32, 32, 3]
 * @param labels [size, 100], one-hot
 */
record CifarBatches(INDArray images, INDArray labels) {
    private static final float[] MEAN = {0.4914f, 0.4822f, 0.4465f};
    private static final float[] DEVIATION = {0.2023f, 0.1994f, 0.2010f};
    private static final int CLASSES = 100;
    private static final int PIXELS = 32 * 32;
    private static final int CHANNELS = 3;
    private static final int HEADER = 2;
    private static final int RECORD = HEADER + CHANNELS * PIXELS;

    /** The next {@code size} images of an open {@code train.bin}. */
    static CifarBatches next(InputStream file, int size) throws IOException {
        byte[] bytes = file.readNBytes(size * RECORD);
        if (bytes.length < size * RECORD) {
            throw new EOFException("train.bin ends too early");
        }
        float[] pixels = new float[size * PIXELS * CHANNELS];
        float[] oneHot = new float[size * CLASSES];
        for (int image = 0; image < size; image++) {
            int start = image * RECORD;
            oneHot[image * CLASSES + bytes[start + 1]] = 1;
            for (int pixel = 0; pixel < PIXELS; pixel++) {
                for (int channel = 0; channel < CHANNELS; channel++) {
                    int value = bytes[start + HEADER + channel * PIXELS + pixel] & 0xFF;
                    pixels[(image * PIXELS + pixel) * CHANNELS + channel] =
                            (value / 255f - MEAN[channel]) / DEVIATION[channel];
                }
            }
        }
        return new CifarBatches(
                Nd4j.createFromArray(pixels).reshape('c', size, 32, 32, CHANNELS),
                Nd4j.createFromArray(oneHot).reshape('c', size, CLASSES));
    }

    static InputStream open(Path folder) throws IOException {
        return Files.newInputStream(folder.resolve("train.bin"));
    }
}
