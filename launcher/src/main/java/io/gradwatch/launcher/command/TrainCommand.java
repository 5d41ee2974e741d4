package io.gradwatch.launcher.command;

import io.gradwatch.launcher.broker.KafkaAddress;
import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.datadir.DataDirectoryLock;
import io.gradwatch.launcher.datadir.Instance;
import io.gradwatch.launcher.process.ChildProcess;
import io.gradwatch.launcher.session.Backend;
import io.gradwatch.launcher.session.StopSignal;
import io.gradwatch.launcher.terminal.Problem;
import io.gradwatch.launcher.terminal.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/**
 * {@code gradwatch train}: the trainer's command of that name, with a dashboard beside it: the one that runs on the data
 * directory, or one of its own that ends with the training.
 */
@Command(name = "train", description = "Train a network and watch it.")
class TrainCommand implements Callable<Integer> {
    private final String trainerCommand;
    private Context context;

    @Mixin
    private DashboardOptions dashboard = new DashboardOptions();

    @Mixin
    private KafkaOptions kafka = new KafkaOptions();

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    @Mixin
    private ComputeOption compute = new ComputeOption();

    @Option(names = "--heap", paramLabel = "SIZE", defaultValue = PassedThrough.DEFAULT_HEAP)
    private String heap = PassedThrough.DEFAULT_HEAP;

    @Unmatched
    private List<String> rest = new ArrayList<>();

    TrainCommand(Context context) {
        this(context, "train");
    }

    /** @param trainerCommand the trainer's command that is run */
    TrainCommand(Context context, String trainerCommand) {
        this.context = context;
        this.trainerCommand = trainerCommand;
    }

    /** Whether arguments for the trainer ask for a training: only then is there something to watch. */
    boolean trains(List<String> arguments) {
        return !TrainerArguments.asksForHelp(arguments);
    }

    @Override
    public Integer call() {
        if (!heap.matches("\\d+[mMgG]")) {
            throw Problem.usage("--heap is \"" + heap + "\"; accepted is a size such as 1g or 1500m");
        }
        context = compute.in(context);
        DataDirectory directory = dataDir.meant(context.environment());
        List<String> arguments = TrainerArguments.of(trainerCommand, rest);
        StopSignal stop = StopSignal.install();
        if (TrainerArguments.asksForHelp(rest)) {
            int code = PassedThrough.run(context, directory, arguments, stop);
            explainOwnOptions();
            return code;
        }
        arguments.addAll(List.of("--data-dir", directory.root().toString()));
        if (!trains(rest)) {
            return PassedThrough.run(context, directory, arguments, stop);
        }
        if (kafka.none(context.environment())) {
            arguments.addAll(List.of("--kafka", "none"));
            return trainOn(null, directory, arguments, stop);
        }
        KafkaAddress elsewhere = kafka.elsewhere(context.environment());
        Optional<Instance> running = DataDirectoryLock.running(directory);
        if (elsewhere != null) {
            elsewhere.requireAnswer();
            return trainOn(elsewhere, directory, arguments, stop);
        }
        if (running.isPresent()) {
            context.terminal()
                    .field(
                            "Dashboard",
                            context.terminal().link(String.valueOf(running.get().url())));
            return trainOn(kafkaOf(running.get()), directory, arguments, stop);
        }
        return trainWithDashboard(directory, arguments, stop);
    }

    private int trainOn(
            @Nullable KafkaAddress address, DataDirectory directory, List<String> arguments, StopSignal stop) {
        ChildProcess trainer = PassedThrough.start(context, directory, arguments, heap, address);
        stop.onForce(trainer::kill);
        CompletableFuture.anyOf(trainer.exit(), stop.requested()).join();
        trainer.stop(PassedThrough.GRACE);
        return PassedThrough.exitCode(trainer);
    }

    private int trainWithDashboard(DataDirectory directory, List<String> arguments, StopSignal stop) {
        Terminal terminal = context.terminal();
        try (Backend backend =
                Backend.start(context.installation(), directory, null, dashboard.dashboard(), terminal)) {
            stop.onForce(backend::kill);
            ChildProcess trainer = PassedThrough.start(context, directory, arguments, heap, backend.kafka());
            stop.onForce(trainer::kill);
            try {
                if (Dashboards.await(backend, stop, trainer.exit())) {
                    terminal.field("Dashboard", terminal.link(backend.url()) + " (as long as the training runs)");
                    CompletableFuture.anyOf(trainer.exit(), backend.failed(), stop.requested())
                            .join();
                    Dashboards.throwIfFailed(backend);
                }
            } finally {
                trainer.stop(PassedThrough.GRACE);
            }
            return PassedThrough.exitCode(trainer);
        }
    }

    private static KafkaAddress kafkaOf(Instance instance) {
        @Nullable String configuration = instance.kafkaConfig();
        return KafkaAddress.of(instance.kafka(), configuration == null ? null : Path.of(configuration));
    }

    private void explainOwnOptions() {
        Terminal terminal = context.terminal();
        terminal.line("");
        terminal.line("Without --kafka, training uses the Gradwatch that runs on the data directory, or starts one:");
        terminal.line("      --port=N             Port of the dashboard; 0 for any free one (default: 8080).");
        terminal.line("      --host=ADDRESS       Address that the dashboard listens on (default: 127.0.0.1).");
        terminal.line("      --heap=SIZE          Largest heap of the trainer's JVM (default: 1g).");
    }
}
