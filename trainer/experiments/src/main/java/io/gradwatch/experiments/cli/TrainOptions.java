package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.checkpoint.CheckpointStore;
import io.gradwatch.experiments.data.Augmentation;
import io.gradwatch.experiments.network.NetworkSpec;
import io.gradwatch.experiments.network.Preset;
import io.gradwatch.experiments.run.Checkpointing;
import io.gradwatch.experiments.run.LearningRateSchedule;
import io.gradwatch.experiments.run.SamplingPlan;
import io.gradwatch.experiments.run.TrainingSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of {@code train} as typed; {@link #read} makes sense of them, or tells all that is wrong at once. */
final class TrainOptions {
    private static final int DEFAULT_EPOCHS = 100;
    static final double DEFAULT_NOISE = 0;
    private static final int MOST_TAGS = 20;
    private static final int LONGEST_NAME = 200;

    @Parameters(arity = "0..1", paramLabel = "PRESET", description = "The network: `gradwatch presets` lists them.")
    @Nullable
    String preset;

    @Option(
            names = "--resume",
            paramLabel = "RUN",
            description = "Instead of PRESET: go on with a run, given by its id, the beginning of it, or \"last\"."
                    + " With it are accepted only --checkpoint, --data, --data-dir, --kafka, --kafka-config,"
                    + " --keep-checkpoints, --name and --threads.")
    @Nullable
    String resume;

    @Option(
            names = "--checkpoint",
            paramLabel = "NAME",
            description = "With --resume: the checkpoint to go on from. Default: the newest.")
    @Nullable
    String checkpoint;

    @Option(names = "--no-checkpoints", description = "Write no checkpoints: the run cannot be resumed.")
    boolean noCheckpoints;

    @Option(
            names = "--keep-checkpoints",
            paramLabel = "N",
            description = "Newest checkpoints of the run that stay, beside the best epoch's. Default: 2.")
    @Nullable
    String keepCheckpoints;

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training images. Default: 100.")
    @Nullable
    String epochs;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            description = "End after so many steps, if the epochs are not done.")
    @Nullable
    String iterations;

    @Option(names = "--batch", paramLabel = "N", description = "Images in a step. Default: the preset's.")
    @Nullable
    String batch;

    @Option(names = "--lr", paramLabel = "RATE", description = "Learning rate of Adam. Default: the preset's.")
    @Nullable
    String learningRate;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            description = "Of the learning rate, by epoch: cosine (down to 2e-5 over the epochs; default), constant.")
    @Nullable
    String schedule;

    @Option(names = "--weight-decay", paramLabel = "L2", description = "Added to the gradient. Default: the preset's.")
    @Nullable
    String weightDecay;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of the initial weights, the split, the order and the augmentation. Default: 0.")
    @Nullable
    String seed;

    @Mixin
    NetworkOptions network = new NetworkOptions();

    @Option(
            names = "--augment",
            paramLabel = "on|off",
            description = "Random crop and mirroring of training images. Default: on.")
    @Nullable
    String augment;

    @Option(
            names = "--noise",
            paramLabel = "STD",
            description = "Noise on training images, in pixel values of 0 to 1. Default: 0.")
    @Nullable
    String noise;

    @Option(
            names = "--validate-every",
            paramLabel = "N",
            description = "Epochs from one validation to the next; 0: never. Default: 1.")
    @Nullable
    String validateEvery;

    @Mixin
    SamplingOptions sampling = new SamplingOptions();

    @Option(
            names = "--data",
            paramLabel = "DIR|synthetic",
            description = "Folder with CIFAR-100's binary files, or generated images."
                    + " Default: what `gradwatch data cifar-100` has put in place, else generated images.")
    @Nullable
    String data;

    @Option(names = "--name", paramLabel = "TEXT", description = "Shown for the run. Default: the preset's name.")
    @Nullable
    String name;

    @Option(names = "--tag", paramLabel = "TEXT", description = "To find the run by; may be given several times.")
    List<String> tags = new ArrayList<>();

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

    @Option(
            names = "--backend",
            paramLabel = "cpu|cuda",
            description = "What computes: the processors, or an NVIDIA GPU. Default: $GRADWATCH_BACKEND, else cpu.")
    @Nullable
    String backend;

    /** What a run needs to know. */
    record Request(
            TrainingSettings settings,
            DataChoice data,
            KafkaChoice kafka,
            String name,
            List<String> tags,
            SamplingPlan sampling,
            int threads,
            Optional<Checkpointing> checkpointing) {}

    /** @throws UsageException with everything that is wrong */
    Request read(Map<String, String> environment) throws UsageException {
        Problems problems = new Problems();
        TrainingSettings settings = settings(problems);
        DataDirectory directory = DataDirectory.of(dataDir, environment);
        DataChoice images = DataChoice.of(data, directory, problems);
        KafkaChoice cluster = KafkaChoice.of(kafka, kafkaConfig, environment, problems);
        checkTexts(problems);
        SamplingPlan plan = sampling.read(new Arguments(problems));
        BackendChoice.check(backend, environment, problems);
        int wantedThreads = new Arguments(problems).count("--threads", threads, defaultThreads(environment), 1, 1024);
        Optional<Checkpointing> keeping = checkpointing(directory, problems);
        problems.throwIfAny();
        return new Request(
                settings,
                images,
                cluster,
                name == null ? settings.preset() : name.strip(),
                List.copyOf(tags),
                plan,
                wantedThreads,
                keeping);
    }

    private Optional<Checkpointing> checkpointing(DataDirectory directory, Problems problems) {
        int keep = new Arguments(problems)
                .count("--keep-checkpoints", keepCheckpoints, Checkpointing.DEFAULT_KEEP, 1, 100_000);
        if (checkpoint != null && resume == null) {
            problems.add("--checkpoint " + checkpoint + ": accepted only with --resume RUN");
        }
        if (noCheckpoints && keepCheckpoints != null) {
            problems.add("--keep-checkpoints and --no-checkpoints exclude each other: accepted is one of them");
        }
        return noCheckpoints
                ? Optional.empty()
                : Optional.of(new Checkpointing(new CheckpointStore(directory.checkpoints()), keep));
    }

    static int defaultThreads(Map<String, String> environment) {
        String wanted = environment.getOrDefault("OMP_NUM_THREADS", "");
        return wanted.matches("[1-9]\\d{0,3}")
                ? Integer.parseInt(wanted)
                : Runtime.getRuntime().availableProcessors();
    }

    private TrainingSettings settings(Problems problems) {
        Arguments arguments = new Arguments(problems);
        Preset base = Preset.all().get(0);
        if (preset == null) {
            problems.add("PRESET is missing: accepted are "
                    + Preset.all().stream().map(Preset::name).collect(Collectors.joining(", "))
                    + "; or --resume RUN");
        }
        try {
            base = preset == null ? base : Preset.named(preset);
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        NetworkSpec spec = network.read(base.spec(), problems);
        return new TrainingSettings(
                base.name(),
                spec,
                arguments.count("--epochs", epochs, DEFAULT_EPOCHS, 1, 100_000),
                iterations == null
                        ? OptionalLong.empty()
                        : OptionalLong.of(arguments.whole("--iterations", iterations, 1, 1, Integer.MAX_VALUE)),
                arguments.count("--batch", batch, base.batchSize(), 1, 10_000),
                arguments.number("--lr", learningRate, base.learningRate(), 0, true, 100),
                arguments.oneOf("--schedule", schedule, LearningRateSchedule.COSINE),
                arguments.number("--weight-decay", weightDecay, base.weightDecay(), 0, false, 100),
                arguments.whole("--seed", seed, 0, Long.MIN_VALUE, Long.MAX_VALUE),
                new Augmentation(
                        arguments.onOff("--augment", augment, true),
                        arguments.number("--noise", noise, DEFAULT_NOISE, 0, false, 1)),
                arguments.count("--validate-every", validateEvery, 1, 0, 100_000));
    }

    private void checkTexts(Problems problems) {
        if (name != null && (name.isBlank() || name.length() > LONGEST_NAME || hasControl(name))) {
            problems.add("--name: accepted are 1 to " + LONGEST_NAME + " characters without line breaks");
        }
        if (tags.size() > MOST_TAGS) {
            problems.add("--tag given " + tags.size() + " times: accepted are up to " + MOST_TAGS);
        }
        for (String tag : tags) {
            if (tag.isBlank() || tag.length() > LONGEST_NAME || hasControl(tag)) {
                problems.add(
                        "--tag \"" + tag + "\": accepted are 1 to " + LONGEST_NAME + " characters without line breaks");
            }
        }
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }
}
