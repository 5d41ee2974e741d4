package io.gradwatch.experiments.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * CIFAR-100 (Krizhevsky 2009) in its official binary files, {@code train.bin} and {@code test.bin}.
 *
 * <p>Heap: 185 MB for all images.
 */
public final class Cifar100 {
    /** Folder of the official archive, and under a data directory's {@code datasets/}. */
    public static final String FOLDER = "cifar-100-binary";

    /** Images of the official training file that are kept for validation: the paper's number. */
    public static final int VALIDATION_SIZE = 2_500;

    static final OfficialFile TRAIN = new OfficialFile("train.bin", 50_000, "6172c7755cfe09b2fe270c85cebc1b15");
    static final OfficialFile TEST = new OfficialFile("test.bin", 10_000, "4499cfba6c016c1be1438163640a0898");

    private final OfficialFile train;
    private final OfficialFile test;
    private final int validationSize;

    /** The official files. */
    public Cifar100() {
        this(TRAIN, TEST, VALIDATION_SIZE);
    }

    /** Other files of the same form: {@code validationSize} images of the training file are kept for validation. */
    Cifar100(OfficialFile train, OfficialFile test, int validationSize) {
        this.train = train;
        this.test = test;
        this.validationSize = validationSize;
    }

    /** Whether both files are in {@code folder}; says nothing about what is in them. */
    public static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(TRAIN.name())) && Files.isRegularFile(folder.resolve(TEST.name()));
    }

    /**
     * What can be said at once against {@code folder} as CIFAR-100's: that it or one of the files is missing, or of
     * another size. Empty if it looks right.
     */
    public List<String> problemsOf(Path folder) {
        String expected = "expected is a folder with " + train.name() + " (" + train.bytes() + " bytes) and "
                + test.name() + " (" + test.bytes() + " bytes), the binary version of CIFAR-100;"
                + " `gradwatch data cifar-100` downloads it";
        if (!Files.isDirectory(folder)) {
            return List.of(folder + (Files.exists(folder) ? " is not a folder: " : " does not exist: ") + expected);
        }
        List<String> problems = new ArrayList<>();
        for (OfficialFile file : List.of(train, test)) {
            Path path = folder.resolve(file.name());
            if (!Files.isRegularFile(path)) {
                problems.add(path + " is missing: " + expected);
            }
        }
        return problems;
    }

    /**
     * Reads both files, checks them, and splits the training file by {@code seed}. Blocks for about a second.
     *
     * @throws DataException naming the file, and the byte where there is one, and what is accepted
     */
    public ImageData load(Path folder, long seed) throws IOException {
        List<String> problems = problemsOf(folder);
        if (!problems.isEmpty()) {
            throw new DataException(String.join("\n", problems));
        }
        CompletableFuture<byte[]> testBytes = CompletableFuture.supplyAsync(() -> readUnchecked(test, folder));
        byte[] trainBytes = train.read(folder);
        CompletableFuture<String> sha256 = CompletableFuture.supplyAsync(() -> Digests.sha256(trainBytes));
        train.check(folder, trainBytes);
        ImageSubset.Split split = ImageSubset.split(new LabelledImages(trainBytes), validationSize, seed);
        try {
            return new ImageData(
                    "cifar-100",
                    false,
                    sha256.join(),
                    split.others(),
                    split.chosen(),
                    ImageSubset.all(new LabelledImages(testBytes.join())));
        } catch (CompletionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
    }

    private static byte[] readUnchecked(OfficialFile file, Path folder) {
        try {
            byte[] bytes = file.read(folder);
            file.check(folder, bytes);
            return bytes;
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}
