package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.data.DataException;
import io.gradwatch.experiments.data.ImageData;
import io.gradwatch.experiments.layers.NativeBackend;
import io.gradwatch.experiments.network.NetworkLayout;
import io.gradwatch.experiments.run.KafkaTelemetry;
import io.gradwatch.experiments.run.Provenance;
import io.gradwatch.experiments.run.RunDescription;
import io.gradwatch.experiments.run.RunNames;
import io.gradwatch.experiments.run.RunOutcome;
import io.gradwatch.experiments.run.RunProgress;
import io.gradwatch.experiments.run.RunTelemetry;
import io.gradwatch.experiments.run.StopSignal;
import io.gradwatch.experiments.run.TrainingRun;
import io.gradwatch.experiments.run.TrainingSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
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
        say("data: " + request.data().announcement());

        // data, Kafka and the native backend are slow to start: all at once
        CompletableFuture<ImageData> loading = CompletableFuture.supplyAsync(() -> load(request));
        CompletableFuture<Optional<String>> asking = CompletableFuture.supplyAsync(
                () -> request.kafka().mustAnswer() ? KafkaCheck.problemOf(request.kafka()) : Optional.empty());
        NativeBackend backend = NativeBackend.start(request.threads());
        backend.warning().ifPresent(LOG::warn);
        ComputationGraph network = request.settings().buildNetwork();
        RunDescription description = describe(request, await(loading, asking), backend);
        RunTelemetry telemetry = telemetry(request.kafka(), description, network);
        introduce(description, request.kafka(), backend);

        RunProgress progress = new ConsoleProgress(
                spec.commandLine().getOut(),
                Terminal.isInteractive(environment),
                description.settings().epochs(),
                description.plannedIterations(),
                System::nanoTime);
        RunOutcome outcome =
                new TrainingRun(description.settings(), description.data(), network, telemetry, progress, stop).run();
        if (outcome instanceof RunOutcome.Failed failed) {
            LOG.error("training failed", failed.cause());
            return 1;
        }
        return 0;
    }

    private static RunDescription describe(TrainOptions.Request request, ImageData data, NativeBackend backend) {
        Instant now = Instant.now();
        return new RunDescription(
                RunNames.newId(now, request.settings().preset(), ThreadLocalRandom.current()),
                request.name(),
                request.tags(),
                request.settings(),
                data,
                Map.of("data", request.data().option(), "threads", Integer.toString(backend.threads())),
                Provenance.versions(backend));
    }

    private static RunTelemetry telemetry(KafkaChoice kafka, RunDescription description, ComputationGraph network)
            throws UsageException {
        if (kafka.isNone()) {
            return RunTelemetry.NONE;
        }
        try {
            return KafkaTelemetry.start(kafka.properties(), description, network);
        } catch (IllegalArgumentException e) {
            throw new UsageException(List.of("--kafka-config: " + e.getMessage()));
        }
    }

    private void introduce(RunDescription description, KafkaChoice kafka, NativeBackend backend) {
        TrainingSettings settings = description.settings();
        long parameters = NetworkLayout.of(settings.spec()).trainableParameters();
        say(String.format(
                Locale.ROOT,
                "run %s: %,d parameters, %,d images, batch %d, %d iterations an epoch, seed %d",
                description.id(),
                parameters,
                description.data().train().size(),
                settings.batchSize(),
                description.iterationsPerEpoch(),
                settings.seed()));
        say("on " + backend.describe() + ", "
                + settings.spec().layers().where(NativeBackend.onGpu()).describe()
                + (kafka.isNone() ? "; no telemetry" : "; telemetry to " + kafka.bootstrap()));
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
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
