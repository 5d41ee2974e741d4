package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.table1.Conditions;
import io.gradwatch.experiments.table1.Row;
import io.gradwatch.experiments.table1.Selection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code table1} as typed; {@link #read} makes sense of them, or tells all that is wrong at once. */
final class Table1Options {
    @Option(
            names = "--rows",
            paramLabel = "ROWS",
            description = "Rows of the table: all (default), or names, numbers and ranges, such as 1-5,7,vgg38-bn.")
    @Nullable
    String rows;

    @Option(
            names = "--seeds",
            paramLabel = "SEEDS|N",
            description = "Seeds such as 0,100; or 1 to 5: so many of the paper's 0,100,550,1000,40000. Default: 5."
                    + " A comma at the end makes a small number a seed: 3, is seed 3.")
    @Nullable
    String seeds;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Passes over the training images. Default: 100, as in the paper; others are marked.")
    @Nullable
    String epochs;

    @Option(
            names = "--data",
            paramLabel = "DIR|synthetic",
            description = "Folder with CIFAR-100's binary files, or generated images for a trial, which are marked."
                    + " Default: what `gradwatch data cifar-100` has put in place.")
    @Nullable
    String data;

    @Option(
            names = "--filters",
            paramLabel = "N",
            description =
                    "For a trial: channels of every convolution. Default: 32, as in the paper; others are marked.")
    @Nullable
    String filters;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where table1.md, table1.csv and table1.json go. Default: table1/ in the data directory.")
    @Nullable
    Path out;

    @Option(
            names = "--backend",
            paramLabel = "cpu|cuda",
            description = "What computes: the processors, or an NVIDIA GPU. Default: $GRADWATCH_BACKEND, else cpu.")
    @Nullable
    String backend;

    @Option(names = "--dry-run", description = "Show the plan and train nothing.")
    boolean dryRun;

    @Option(
            names = "--report",
            description = "Show and write the table as it is now, also while another process trains it.")
    boolean report;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Where telemetry goes; none: nowhere. Default: $GRADWATCH_KAFKA.")
    @Nullable
    String kafka;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "Properties of Kafka's clients, such as for TLS.")
    @Nullable
    Path kafkaConfig;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where Gradwatch keeps its files. Default: $GRADWATCH_HOME, else ~/.gradwatch.")
    @Nullable
    Path dataDir;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Of the computation. Default: $OMP_NUM_THREADS, else one for each processor.")
    @Nullable
    String threads;

    /** What is to be done. */
    sealed interface Request {
        DataDirectory directory();

        /** Folder of the three files. */
        Path out();
    }

    /** To show the table. */
    record Report(DataDirectory directory, Path out, List<Row> rows) implements Request {}

    /**
     * To train it, or to tell what would be trained.
     *
     * @param filters empty for the paper's
     * @param kafka none for a dry run
     */
    record Training(
            DataDirectory directory,
            Path out,
            List<Row> rows,
            List<Long> seeds,
            int epochs,
            OptionalInt filters,
            DataChoice data,
            KafkaChoice kafka,
            int threads,
            boolean dryRun)
            implements Request {}

    /** @throws UsageException with everything that is wrong */
    Request read(Map<String, String> environment) throws UsageException {
        Problems problems = new Problems();
        DataDirectory directory = DataDirectory.of(dataDir, environment);
        Path folder = out == null
                ? directory.path().resolve("table1")
                : out.toAbsolutePath().normalize();
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            problems.add("--out " + out + ": is a file; accepted is a folder, which is made if it is not there");
        }
        List<Row> chosen = selected("--rows", rows, "all", text -> Selection.rows(text, Row.all()), problems);
        if (report) {
            refuseWithReport(problems);
            problems.throwIfAny();
            return new Report(directory, folder, chosen);
        }
        if (!dryRun) {
            BackendChoice.check(backend, environment, problems);
        }
        Arguments arguments = new Arguments(problems);
        Training training = new Training(
                directory,
                folder,
                chosen,
                selected("--seeds", seeds, Integer.toString(Selection.PAPER_SEEDS.size()), Selection::seeds, problems),
                arguments.count("--epochs", epochs, Conditions.PAPER_EPOCHS, 1, 100_000),
                filters == null
                        ? OptionalInt.empty()
                        : OptionalInt.of(arguments.count("--filters", filters, 1, 1, 1024)),
                images(directory, problems),
                dryRun ? KafkaChoice.NONE : KafkaChoice.of(kafka, kafkaConfig, environment, problems),
                arguments.count("--threads", threads, TrainOptions.defaultThreads(environment), 1, 1024),
                dryRun);
        problems.throwIfAny();
        return training;
    }

    /** Never generated images unless they are asked for: a table of them would be worth nothing. */
    private DataChoice images(DataDirectory directory, Problems problems) {
        DataChoice choice = DataChoice.of(data, directory, problems);
        if (data == null && choice instanceof DataChoice.Synthetic) {
            problems.add("there is no CIFAR-100 in " + directory.datasets()
                    + ": `gradwatch data cifar-100` downloads it; accepted are also --data DIR with its binary files,"
                    + " and --data synthetic for a trial with generated images");
        }
        return choice;
    }

    private static <T> List<T> selected(
            String option,
            @Nullable String text,
            String fallback,
            Function<String, List<T>> selection,
            Problems problems) {
        try {
            return selection.apply(text == null ? fallback : text);
        } catch (IllegalArgumentException e) {
            problems.add(option + ": " + e.getMessage());
            return List.of();
        }
    }

    private void refuseWithReport(Problems problems) {
        Map<String, @Nullable Object> ofTraining = new LinkedHashMap<>();
        ofTraining.put("--seeds", seeds);
        ofTraining.put("--epochs", epochs);
        ofTraining.put("--data", data);
        ofTraining.put("--filters", filters);
        ofTraining.put("--dry-run", dryRun ? "" : null);
        ofTraining.forEach((name, value) -> {
            if (value != null) {
                problems.add(name + " says what to train; beside --report accepted are --rows, --out and --data-dir");
            }
        });
    }
}
