package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.data.DataException;
import io.gradwatch.experiments.data.ImageData;
import io.gradwatch.experiments.run.RunOutcome;
import io.gradwatch.experiments.run.RunProgress;
import io.gradwatch.experiments.run.RunTelemetry;
import io.gradwatch.experiments.run.StopSignal;
import io.gradwatch.experiments.run.TrainingRun;
import io.gradwatch.experiments.run.TrainingSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Trains a network. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Train a network of the paper and report every iteration. Ctrl-C ends it after the present step.",
        footer = "%nExit codes: 0 done or stopped, 1 failed, 2 not started because of what was asked.")
final class TrainCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(TrainCommand.class);

    @Mixin
    @SuppressWarnings("NullAway.Init") // by picocli
    private TrainOptions options;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws UsageException {
        Map<String, String> environment = System.getenv();
        TrainOptions.Request request = options.read(environment);
        StopSignal stop = new StopSignal();
        StopSources.connect(stop, environment, System.in);
        PrintWriter out = spec.commandLine().getOut();
        out.println("data: " + request.data().announcement());
        out.flush();

        // data, Kafka and the native backend are slow to start: all at once
        TrainingSettings settings = request.settings();
        CompletableFuture<ImageData> loading = CompletableFuture.supplyAsync(() -> load(request));
        CompletableFuture<Optional<String>> asking = CompletableFuture.supplyAsync(
                () -> request.kafka().mustAnswer() ? KafkaCheck.problemOf(request.kafka()) : Optional.empty());
        ComputationGraph network = settings.buildNetwork();
        ImageData data = await(loading, asking);

        long perEpoch = (data.train().size() + settings.batchSize() - 1L) / settings.batchSize();
        long planned =
                Math.min(perEpoch * settings.epochs(), settings.iterations().orElse(Long.MAX_VALUE));
        RunProgress progress = new ConsoleProgress(
                out, Terminal.isInteractive(environment), settings.epochs(), planned, System::nanoTime);
        RunOutcome outcome = new TrainingRun(settings, data, network, RunTelemetry.NONE, progress, stop).run();
        if (outcome instanceof RunOutcome.Failed failed) {
            LOG.error("training failed", failed.cause());
            return 1;
        }
        return 0;
    }

    private static ImageData load(TrainOptions.Request request) {
        try {
            return request.data().load(request.settings().seed());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for both and tells the problems of both. */
    private static ImageData await(CompletableFuture<ImageData> loading, CompletableFuture<Optional<String>> asking)
            throws UsageException {
        Problems problems = new Problems();
        asking.join().ifPresent(problems::add);
        try {
            ImageData data = loading.join();
            problems.throwIfAny();
            return data;
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException io && io.getCause() instanceof DataException damaged) {
                problems.add(String.valueOf(damaged.getMessage()));
                problems.throwIfAny();
            }
            throw e;
        }
    }
}
