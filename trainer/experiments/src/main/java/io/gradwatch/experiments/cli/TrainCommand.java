package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.checkpoint.Checkpoint;
import io.gradwatch.experiments.checkpoint.RunDirectory;
import io.gradwatch.experiments.data.DataException;
import io.gradwatch.experiments.data.ImageData;
import io.gradwatch.experiments.layers.NativeBackend;
import io.gradwatch.experiments.network.NetworkLayout;
import io.gradwatch.experiments.run.Checkpointing;
import io.gradwatch.experiments.run.KafkaTelemetry;
import io.gradwatch.experiments.run.Provenance;
import io.gradwatch.experiments.run.ResumeException;
import io.gradwatch.experiments.run.RunDescription;
import io.gradwatch.experiments.run.RunNames;
import io.gradwatch.experiments.run.RunOutcome;
import io.gradwatch.experiments.run.RunProgress;
import io.gradwatch.experiments.run.StopSignal;
import io.gradwatch.experiments.run.TelemetryException;
import io.gradwatch.experiments.run.TrainingSettings;
import io.gradwatch.experiments.run.Trainings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
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
        description = "Train a network of the paper and report every iteration. Ctrl-C ends it after the present step;"
                + " --resume goes on with it.",
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
    public Integer call() throws UsageException, IOException {
        Map<String, String> environment = System.getenv();
        StopSignal stop = new StopSignal();
        if (options.resume == null) {
            TrainOptions.Request request = options.read(environment);
            StopSources.connect(stop, environment, System.in);
            return train(request, null, stop);
        }
        DataDirectory directory = DataDirectory.of(options.dataDir, environment);
        ResumedRun run = ResumedRun.open(options.resume, options.checkpoint, directory);
        try (RunDirectory taken = run.directory();
                Checkpoint loaded = run.checkpoint()) {
            TrainOptions.Request request =
                    ResumedOptions.read(options, spec.commandLine().getParseResult(), run.manifest(), environment);
            StopSources.connect(stop, environment, System.in);
            say("run " + run.manifest().runId() + " goes on from "
                    + taken.folder().resolve(loaded.fileName()));
            warnOfThreads(loaded.state().threads(), request.threads());
            return train(request, run, stop);
        }
    }

    private int train(TrainOptions.Request request, @Nullable ResumedRun resumed, StopSignal stop)
            throws UsageException, IOException {
        say("data: " + request.data().announcement());

        // data, Kafka and the native backend are slow to start: all at once
        CompletableFuture<ImageData> loading = CompletableFuture.supplyAsync(() -> load(request));
        CompletableFuture<Optional<String>> asking = CompletableFuture.supplyAsync(
                () -> request.kafka().mustAnswer() ? KafkaCheck.problemOf(request.kafka()) : Optional.empty());
        NativeBackend backend = NativeBackend.start(request.threads());
        backend.warning().ifPresent(LOG::warn);
        RunDescription description = describe(request, resumed, await(loading, asking), backend);
        introduce(description, request.kafka(), backend);

        RunOutcome outcome = run(request, resumed, description, stop);
        if (outcome instanceof RunOutcome.Failed failed) {
            LOG.error("training failed", failed.cause());
            return 1;
        }
        if (outcome instanceof RunOutcome.Stopped) {
            tellHowToGoOn(request, description.id());
        }
        return 0;
    }

    private RunOutcome run(
            TrainOptions.Request request, @Nullable ResumedRun resumed, RunDescription description, StopSignal stop)
            throws UsageException, IOException {
        RunProgress progress = new ConsoleProgress(
                spec.commandLine().getOut(),
                Terminal.isInteractive(System.getenv()),
                description.settings().epochs(),
                description.plannedIterations(),
                System::nanoTime);
        Trainings trainings =
                new Trainings(KafkaTelemetry.factory(request.kafka().properties()), request.checkpointing());
        try {
            return resumed == null
                    ? trainings.start(description, progress, stop)
                    : trainings.resume(description, resumed.directory(), resumed.checkpoint(), progress, stop);
        } catch (TelemetryException e) {
            throw new UsageException(List.of("--kafka-config: " + e.getMessage()));
        } catch (ResumeException e) {
            throw new UsageException(List.of(String.valueOf(e.getMessage())));
        }
    }

    private void tellHowToGoOn(TrainOptions.Request request, String runId) throws IOException {
        Checkpointing kept = request.checkpointing().orElse(null);
        if (kept != null
                && kept.store().runs().stream()
                        .anyMatch(
                                run -> run.resumable() && run.manifest().runId().equals(runId))) {
            DataDirectory directory = DataDirectory.of(options.dataDir, System.getenv());
            say("`gradwatch train --resume " + runId + directory.option() + "` goes on with it");
        }
    }

    private void warnOfThreads(int then, int now) {
        if (then != now) {
            say("warning: the run computed with " + then + (then == 1 ? " thread" : " threads") + ", now it is " + now
                    + ": the figures will not be the same bit by bit; --threads " + then + " keeps them");
        }
    }

    private static RunDescription describe(
            TrainOptions.Request request, @Nullable ResumedRun resumed, ImageData data, NativeBackend backend) {
        String preset = request.settings().preset();
        Map<String, String> environment = new LinkedHashMap<>(request.sampling().toOptions());
        environment.put("data", request.data().option());
        environment.put("threads", Integer.toString(backend.threads()));
        return new RunDescription(
                resumed == null
                        ? RunNames.newId(Instant.now(), preset, ThreadLocalRandom.current())
                        : resumed.manifest().runId(),
                request.name(),
                request.tags(),
                request.settings(),
                data,
                environment,
                Provenance.versions(backend));
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
