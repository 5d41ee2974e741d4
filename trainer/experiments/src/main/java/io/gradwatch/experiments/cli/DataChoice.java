package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.data.Cifar100;
import io.gradwatch.experiments.data.ImageData;
import io.gradwatch.experiments.data.SyntheticImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Which images a run learns from. */
sealed interface DataChoice {
    /** Generated images are the same for every run, whatever its seed, so that runs can be compared. */
    long GENERATOR_SEED = 1;

    /** As {@code --data} takes it. */
    String option();

    /** One line for the user. */
    String announcement();

    /** Blocks for a second or less. */
    ImageData load(long seed) throws IOException;

    /** CIFAR-100 in a folder. */
    record Cifar(Path folder) implements DataChoice {
        @Override
        public String option() {
            return folder.toAbsolutePath().normalize().toString();
        }

        @Override
        public String announcement() {
            return "CIFAR-100 from " + folder;
        }

        @Override
        public ImageData load(long seed) throws IOException {
            return new Cifar100().load(folder, seed);
        }
    }

    /**
     * Generated images.
     *
     * @param why what to tell beside it, empty if they were asked for
     */
    record Synthetic(String why) implements DataChoice {
        @Override
        public String option() {
            return "synthetic";
        }

        @Override
        public String announcement() {
            return "SYNTHETIC images of 100 classes, generated: good for watching gradients, not for figures." + why;
        }

        @Override
        public ImageData load(long seed) {
            return SyntheticImages.generate(
                    SyntheticImages.TRAIN_SIZE,
                    SyntheticImages.VALIDATION_SIZE,
                    SyntheticImages.TEST_SIZE,
                    GENERATOR_SEED);
        }
    }

    /**
     * What {@code --data} means; without it CIFAR-100 under the data directory if it is there, else generated images.
     * What is wrong with a folder at first sight becomes a problem.
     */
    static DataChoice of(@Nullable String option, DataDirectory directory, Problems problems) {
        Path installed = directory.datasets().resolve(Cifar100.FOLDER);
        if (option == null) {
            return Cifar100.isIn(installed)
                    ? new Cifar(installed)
                    : new Synthetic(" (no CIFAR-100 in " + installed + ": `gradwatch data cifar-100` downloads it)");
        }
        if (option.equals("synthetic")) {
            return new Synthetic("");
        }
        Path folder = folder(option, installed);
        new Cifar100()
                .problemsOf(folder)
                .forEach(problem -> problems.add("--data " + option + ": " + problem + "; or use --data synthetic"));
        return new Cifar(folder);
    }

    private static Path folder(String option, Path installed) {
        if (option.equals("cifar-100") && !Files.exists(Path.of(option))) {
            return installed;
        }
        Path given = Path.of(option);
        Path within = given.resolve(Cifar100.FOLDER);
        return !Cifar100.isIn(given) && Cifar100.isIn(within) ? within : given;
    }
}
