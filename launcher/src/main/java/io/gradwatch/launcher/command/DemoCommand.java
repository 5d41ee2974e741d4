package io.gradwatch.launcher.command;

import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.session.Backend;
import io.gradwatch.launcher.session.Browser;
import io.gradwatch.launcher.session.DemoTrainer;
import io.gradwatch.launcher.session.StopSignal;
import io.gradwatch.launcher.session.TrainerProcess;
import io.gradwatch.launcher.terminal.Problem;
import io.gradwatch.launcher.terminal.Terminal;
import io.gradwatch.launcher.twin.Twins;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gradwatch demo}: a network that cannot learn beside the same network cured, live. */
@Command(
        name = "demo",
        description =
                "Train a very deep network that cannot learn beside the same one with batch normalisation and skip"
                        + " connections, and watch both live. Ctrl-C ends it.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class DemoCommand implements Callable<Integer> {
    private static final List<String> PRESETS = List.of("vgg38", "vgg38-bn-resnet");

    private Context context;
    private volatile boolean timeIsUp;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "Stop the training after N minutes, fractions allowed (default: until Ctrl-C).")
    private @Nullable Double minutes;

    @Option(
            names = "--exit-when-done",
            description = "End everything when the training ends; else the dashboard stays.")
    private boolean exitWhenDone;

    @Option(names = "--no-open", description = "Do not open the browser.")
    private boolean noOpen;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "16",
            description =
                    "Images of one iteration (default: ${DEFAULT-VALUE}: the charts move several times a second).")
    private int batch;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "CIFAR-100, or 'synthetic' for generated images (default: CIFAR-100 if it is there).")
    private @Nullable String data;

    @Mixin
    private ComputeOption compute = new ComputeOption();

    @Mixin
    private DashboardOptions dashboard = new DashboardOptions();

    @Mixin
    private KafkaOptions kafka = new KafkaOptions();

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    DemoCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        requireSensible();
        context = compute.in(context);
        DataDirectory directory = dataDir.meant(context.environment());
        StopSignal stop = StopSignal.install();
        Terminal terminal = context.terminal();
        terminal.progress("starting …");
        String name = Twins.newLauncherName();
        try (Backend backend = Backend.start(
                        context.installation(),
                        directory,
                        kafka.elsewhere(context.environment()),
                        dashboard.dashboard(),
                        terminal,
                        name);
                Twins twins = Dashboards.twins(context, name, directory, backend)) {
            stop.onForce(backend::kill);
            stop.onForce(twins::kill);
            List<DemoTrainer> trainers = new ArrayList<>();
            try {
                startTrainers(trainers, directory, backend, stop);
                watch(trainers, directory, backend, stop);
            } finally {
                terminal.progress("stopping …");
                DemoTrainer.stopAll(trainers, PassedThrough.GRACE);
            }
        }
        terminal.endProgress();
        return 0;
    }

    private void requireSensible() {
        if (minutes != null && !(minutes > 0 && minutes <= 100_000)) {
            throw Problem.usage("--minutes is " + minutes + "; accepted is a number above 0, at most 100000");
        }
        if (batch < 1) {
            throw Problem.usage("--batch is " + batch + "; accepted is a whole number from 1");
        }
    }

    private void startTrainers(List<DemoTrainer> trainers, DataDirectory directory, Backend backend, StopSignal stop) {
        TrainerProcess program = new TrainerProcess(context.trainer(), directory, context.environment(), false);
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / PRESETS.size());
        List<String> options = new ArrayList<>(List.of("--batch", Integer.toString(batch)));
        if (data != null) {
            options.addAll(List.of("--data", data));
        }
        for (String preset : PRESETS) {
            DemoTrainer trainer = DemoTrainer.start(program, directory, preset, options, threads, backend.kafka());
            trainers.add(trainer);
            stop.onForce(trainer.process()::kill);
        }
    }

    /** From the first start to the end of everything, which the caller brings about. */
    private void watch(List<DemoTrainer> trainers, DataDirectory directory, Backend backend, StopSignal stop) {
        Terminal terminal = context.terminal();
        CompletableFuture<DemoTrainer> firstFailure = firstFailure(trainers);
        if (!Dashboards.await(backend, stop, firstFailure)) {
            throwIfFailed(firstFailure);
            return;
        }
        terminal.line(terminal.bold("Gradwatch " + Version.number() + " demo"));
        terminal.field("Dashboard", terminal.link(backend.url()));
        terminal.field("Training", String.join(" beside ", PRESETS) + ", batches of " + batch);
        terminal.field("Directory", directory.root().toString());
        terminal.progress("waiting for the first iteration …");

        CompletableFuture<?> ids = all(trainers.stream().map(DemoTrainer::runId));
        CompletableFuture<?> ended = all(trainers.stream().map(DemoTrainer::exit));
        await(ids, ended, firstFailure, backend.failed(), stop.requested());
        Dashboards.throwIfFailed(backend);
        throwIfFailed(firstFailure);
        if (stop.requested().isDone()) {
            return;
        }
        if (ids.isDone()) {
            String sideBySide = backend.url()
                    + "/#/compare/"
                    + trainers.stream().map(t -> t.runId().join()).collect(Collectors.joining(","));
            String images = trainers.get(0).images().getNow("");
            if (!images.isEmpty()) {
                terminal.field("Images", images);
            }
            terminal.field("Side by side", terminal.link(sideBySide));
            if (!noOpen) {
                Browser.open(sideBySide, context.environment());
            }
        }
        terminal.line("Ctrl-C ends it.");

        CompletableFuture<?> told = all(trainers.stream()
                .map(trainer -> trainer.exit().thenRun(() -> {
                    if (!stop.requested().isDone() && !timeIsUp) {
                        terminal.notice(trainer.preset(), trainer.ending());
                    }
                })));
        await(told, time(), backend.failed(), stop.requested());
        Dashboards.throwIfFailed(backend);
        if (stop.requested().isDone()) {
            return;
        }
        timeIsUp = !ended.isDone();
        DemoTrainer.stopAll(trainers, PassedThrough.GRACE);
        if (exitWhenDone) {
            trainers.stream().filter(t -> t.exit().join() != 0).findFirst().ifPresent(t -> {
                throw t.problem();
            });
            return;
        }
        terminal.line("The training has ended; the dashboard stays. Ctrl-C ends it.");
        await(backend.failed(), stop.requested());
        Dashboards.throwIfFailed(backend);
    }

    private CompletableFuture<?> time() {
        CompletableFuture<Void> time = new CompletableFuture<>();
        return minutes == null ? time : time.completeOnTimeout(null, (long) (minutes * 60_000), TimeUnit.MILLISECONDS);
    }

    private static CompletableFuture<DemoTrainer> firstFailure(List<DemoTrainer> trainers) {
        return trainers.stream()
                .map(DemoTrainer::failure)
                .reduce((first, second) -> first.applyToEither(second, trainer -> trainer))
                .orElseThrow();
    }

    private static void throwIfFailed(CompletableFuture<DemoTrainer> failure) {
        if (failure.isDone()) {
            throw failure.join().problem();
        }
    }

    private static CompletableFuture<?> all(Stream<? extends CompletableFuture<?>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new));
    }

    private static void await(CompletableFuture<?>... any) {
        CompletableFuture.anyOf(any).join();
    }
}
