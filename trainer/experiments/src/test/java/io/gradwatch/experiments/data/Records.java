package io.gradwatch.experiments.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small files in the form of CIFAR-100's, for tests. */
final class Records {
    private Records() {}

    /** Image i has label i mod 100, and pixel bytes that depend on image, channel, row and column. */
    static byte[] of(int images) {
        byte[] bytes = new byte[images * LabelledImages.RECORD_BYTES];
        for (int image = 0; image < images; image++) {
            int at = LabelledImages.offset(image);
            bytes[at - 2] = (byte) (image % 100 / 5);
            bytes[at - 1] = (byte) (image % 100);
            for (int i = 0; i < 3 * LabelledImages.PIXELS; i++) {
                bytes[at + i] = (byte) (image * 31 + i * 7 + i / 32 * 3);
            }
        }
        return bytes;
    }

    static OfficialFile describe(String name, byte[] bytes) {
        return new OfficialFile(name, bytes.length / LabelledImages.RECORD_BYTES, Digests.md5(bytes));
    }

    static OfficialFile write(Path folder, String name, byte[] bytes) throws IOException {
        Files.write(folder.resolve(name), bytes);
        return describe(name, bytes);
    }

    static ImageSubset subset(int images) {
        return ImageSubset.all(new LabelledImages(of(images)));
    }
}
