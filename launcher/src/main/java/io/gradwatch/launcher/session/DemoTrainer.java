package io.gradwatch.launcher.session;

import io.gradwatch.launcher.broker.KafkaAddress;
import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.process.ChildProcess;
import io.gradwatch.launcher.process.Output;
import io.gradwatch.launcher.terminal.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A trainer in the background, which logs to a file of its own. */
public final class DemoTrainer {
    private static final String HEAP = "1g";
    private static final String IMAGES = "data: ";

    private final String preset;
    private final Path log;
    private final ChildProcess process;
    private final CompletableFuture<String> runId;
    private final CompletableFuture<String> images;

    private DemoTrainer(
            String preset,
            Path log,
            ChildProcess process,
            CompletableFuture<String> runId,
            CompletableFuture<String> images) {
        this.preset = preset;
        this.log = log;
        this.process = process;
        this.runId = runId;
        this.images = images;
    }

    /**
     * Starts one.
     *
     * @param options more of the trainer's command line
     * @param threads that compute
     * @throws Problem it cannot be started
     */
    public static DemoTrainer start(
            TrainerProcess trainers,
            DataDirectory directory,
            String preset,
            List<String> options,
            int threads,
            KafkaAddress kafka) {
        return start(trainers, directory, preset, options, threads, kafka, "trainer-" + preset);
    }

    /**
     * The same, with another log.
     *
     * @param logName name of its file, without the extension
     * @throws Problem it cannot be started
     */
    public static DemoTrainer start(
            TrainerProcess trainers,
            DataDirectory directory,
            String preset,
            List<String> options,
            int threads,
            KafkaAddress kafka,
            String logName) {
        List<String> arguments = new ArrayList<>(List.of("train", preset));
        arguments.addAll(options);
        arguments.addAll(List.of("--data-dir", directory.root().toString()));
        // 20261123-160512-vgg38-4f2a: the trainer says its run's id when it starts
        Pattern id = Pattern.compile("\\b\\d{8}-\\d{6}-" + Pattern.quote(preset) + "-[0-9a-z]+\\b");
        CompletableFuture<String> runId = new CompletableFuture<>();
        CompletableFuture<String> images = new CompletableFuture<>();
        Path log = directory.logs().resolve(logName + ".log");
        ChildProcess process = trainers.start(arguments, HEAP, threads, kafka, new Output.Logged(log, line -> {
            if (line.startsWith(IMAGES)) {
                images.complete(line.substring(IMAGES.length()));
            }
            Matcher matcher = id.matcher(line);
            if (!runId.isDone() && matcher.find()) {
                runId.complete(matcher.group());
            }
        }));
        return new DemoTrainer(preset, log, process, runId, images);
    }

    public String preset() {
        return preset;
    }

    public ChildProcess process() {
        return process;
    }

    /** Completes with the id of its run as soon as it says so. */
    public CompletableFuture<String> runId() {
        return runId;
    }

    /** Completes, before the run's id, with what the trainer says of its images: where from, or that they are generated. */
    public CompletableFuture<String> images() {
        return images;
    }

    public CompletableFuture<Integer> exit() {
        return process.exit();
    }

    /** Completes when it ends with anything but exit code 0. */
    public CompletableFuture<DemoTrainer> failure() {
        return exit().thenCompose(
                        code -> code == 0 ? new CompletableFuture<>() : CompletableFuture.completedFuture(this));
    }

    /** What became of a trainer that has ended, and where to read more. */
    public String ending() {
        int code = exit().join();
        return code == 0 ? "has ended" : Endings.describe(code) + "; its log is " + log;
    }

    /** The problem that ended it, if it ended with one. */
    public Problem problem() {
        int code = exit().join();
        String said = String.join("\n", process.lastErrors());
        return code == 2 && !said.isBlank()
                ? Problem.ofChild(2, said)
                : Problem.failure("The training of " + preset + " " + ending());
    }

    /** Stops all of them at the same time. When this returns, they have ended. */
    public static void stopAll(List<DemoTrainer> trainers, Duration grace) {
        trainers.forEach(trainer -> trainer.process.askToStop());
        trainers.forEach(trainer -> trainer.process.stop(grace));
    }
}
