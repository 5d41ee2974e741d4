package io.gradwatch.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar100Test {
    private static final int TRAIN = 60;
    private static final int TEST = 20;
    private static final int VALIDATION = 10;

    @TempDir
    Path folder;

    private final byte[] trainBytes = Records.of(TRAIN);
    private final byte[] testBytes = Records.of(TEST);
    private Cifar100 reader;

    @BeforeEach
    void writeFiles() throws IOException {
        reader = new Cifar100(
                Records.write(folder, "train.bin", trainBytes),
                Records.write(folder, "test.bin", testBytes),
                VALIDATION);
    }

    @Test
    void readsLabelsAndPixelsOfTheOfficialLayout() throws IOException {
        ImageData data = reader.load(folder, 0);

        LabelledImages images = data.test().images();
        assertThat(images.count()).isEqualTo(TEST);
        assertThat(images.label(7)).isEqualTo(7);
        // record 7, green is the second plane, row 2, column 3
        assertThat(images.pixel(7, 1, 2, 3)).isEqualTo(testBytes[7 * 3074 + 2 + 1024 + 2 * 32 + 3] & 0xFF);
        assertThat(data.name()).isEqualTo("cifar-100");
        assertThat(data.synthetic()).isFalse();
        assertThat(data.sha256()).isEqualTo(Digests.sha256(trainBytes)).hasSize(64);
    }

    @Test
    void splitsTheTrainingFileWithoutOverlapAndWithoutLoss() throws IOException {
        ImageData data = reader.load(folder, 5);

        Set<Integer> seen = new HashSet<>();
        for (ImageSubset subset : new ImageSubset[] {data.train(), data.validation()}) {
            for (int i = 0; i < subset.size(); i++) {
                seen.add(subset.index(i));
            }
        }
        assertThat(data.validation().size()).isEqualTo(VALIDATION);
        assertThat(data.train().size()).isEqualTo(TRAIN - VALIDATION);
        assertThat(seen).hasSize(TRAIN);
    }

    @Test
    void splitsBySeed() throws IOException {
        assertThat(validationOf(1)).isEqualTo(validationOf(1)).isNotEqualTo(validationOf(2));
    }

    @Test
    void namesTheFolderAndTheExpectedFilesWhenTheFolderIsMissing() {
        Path missing = folder.resolve("nowhere");

        assertThat(reader.problemsOf(missing))
                .singleElement()
                .asString()
                .contains(
                        missing.toString(), "does not exist", "train.bin (184440 bytes)", "test.bin", "data cifar-100");
        assertThatThrownBy(() -> reader.load(missing, 0)).isInstanceOf(DataException.class);
    }

    @Test
    void namesTheFileThatIsMissing() throws IOException {
        Files.delete(folder.resolve("test.bin"));

        assertThat(reader.problemsOf(folder))
                .singleElement()
                .asString()
                .startsWith(folder.resolve("test.bin") + " is missing");
    }

    @Test
    void namesTheByteAtWhichACutFileEnds() throws IOException {
        Files.write(folder.resolve("train.bin"), Arrays.copyOf(trainBytes, 3 * 3074 + 5));

        assertThatThrownBy(() -> reader.load(folder, 0))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("train.bin has 9227 bytes")
                .hasMessageContaining("at byte 9222, is cut off after 5 bytes")
                .hasMessageContaining("accepted are 184440 bytes, 60 records of 3074 bytes");
    }

    @Test
    void namesRecordAndByteOfAnImpossibleLabel() throws IOException {
        byte[] damaged = trainBytes.clone();
        damaged[4 * 3074 + 1] = 100;
        Files.write(folder.resolve("train.bin"), damaged);

        assertThatThrownBy(() -> reader.load(folder, 0))
                .isInstanceOf(DataException.class)
                .hasMessage(folder.resolve("train.bin")
                        + " is damaged at byte 12297: the fine label of record 4 is 100, accepted are 0 to 99");
    }

    @Test
    void noticesASingleChangedPixel() throws IOException {
        byte[] damaged = testBytes.clone();
        damaged[5000] ^= 1;
        Files.write(folder.resolve("test.bin"), damaged);

        assertThatThrownBy(() -> reader.load(folder, 0))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("test.bin is damaged: its MD5 is " + Digests.md5(damaged))
                .hasMessageContaining(Digests.md5(testBytes));
    }

    private int[] validationOf(long seed) throws IOException {
        ImageSubset validation = reader.load(folder, seed).validation();
        int[] indices = new int[validation.size()];
        Arrays.setAll(indices, validation::index);
        return indices;
    }
}
