package io.gradwatch.launcher.command;

import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.datadir.DataDirectoryLock;
import io.gradwatch.launcher.datadir.Instance;
import io.gradwatch.launcher.process.ChildProcess;
import io.gradwatch.launcher.process.JavaProgram;
import io.gradwatch.launcher.process.Output;
import io.gradwatch.launcher.session.StopSignal;
import io.gradwatch.launcher.terminal.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gradwatch replay}: the records of a stored run again, for consumers. The service's class path has what does it. */
@Command(
        name = "replay",
        description = "Send the records of a stored run onto a topic again, to try consumers with them."
                + " To watch a run again, open it in the dashboard and choose 'Replay'.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ReplayCommand implements Callable<Integer> {
    private static final String MAIN = "io.gradwatch.telemetry.ReplayToTopic";
    private static final Duration GRACE = Duration.ofSeconds(15);

    private final Context context;

    @Parameters(paramLabel = "RUN", description = "Its id, as 'gradwatch runs list' prints it.")
    private String run = "";

    @Option(
            names = "--to-topic",
            paramLabel = "TOPIC",
            description = "One topic for all records; made if it is missing. Default: Gradwatch's own topics.")
    private @Nullable String topic;

    @Option(names = "--to-kafka", paramLabel = "HOST:PORT", description = "Another Kafka. Default: the same one.")
    private @Nullable String target;

    @Option(
            names = "--to-kafka-config",
            paramLabel = "FILE",
            description = "Properties file with Kafka client settings for --to-kafka.")
    private @Nullable String targetConfig;

    @ArgGroup
    private @Nullable Speed speed;

    @Option(names = "--from", paramLabel = "ITERATION", description = "The first one. Default: all.")
    private @Nullable Long from;

    @Option(names = "--to", paramLabel = "ITERATION", description = "The one before which it ends. Default: all.")
    private @Nullable Long to;

    @Option(
            names = "--as",
            paramLabel = "RUN",
            description =
                    "Give the records this new run id. Needed on Gradwatch's own topics, where it becomes a new run.")
    private @Nullable String as;

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    private static final class Speed {
        @Option(
                names = "--speed",
                paramLabel = "N",
                description = "So many times as fast as recorded, 0.1 to 1000; pauses of more than 10 s count as 10 s."
                        + " Default: 1.")
        private @Nullable Double times;

        @Option(names = "--as-recorded", description = "At the recorded pace, with all pauses.")
        private boolean asRecorded;

        @Option(names = "--max", description = "As fast as it goes.")
        private boolean max;
    }

    ReplayCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        DataDirectory directory = dataDir.meant(context.environment());
        Instance instance = DataDirectoryLock.running(directory)
                .orElseThrow(() -> Problem.failure("No Gradwatch runs on " + directory.root()
                        + ". Start one with './gradwatch up', or name its directory with --data-dir DIR"));
        StopSignal stop = StopSignal.install();
        ChildProcess child = start(instance);
        stop.onForce(child::kill);
        CompletableFuture.anyOf(child.exit(), stop.requested()).join();
        child.stop(GRACE);
        return PassedThrough.exitCode(child);
    }

    private ChildProcess start(Instance instance) {
        JavaProgram program = JavaProgram.of(
                        MAIN, context.installation().service().classPath())
                .withJvmArguments(List.of("-Xmx256m"))
                .withArguments(arguments(instance))
                .withEnvironment(Map.of("GRADWATCH_TERMINAL", context.terminal().interactive() ? "1" : "0"));
        try {
            return ChildProcess.start(program, new Output.Inherited());
        } catch (IOException e) {
            throw Problem.failure("The replay cannot be started: " + e.getMessage());
        }
    }

    private List<String> arguments(Instance instance) {
        List<String> all = new ArrayList<>(
                List.of(run, "--kafka", String.valueOf(instance.kafka()), "--service", String.valueOf(instance.url())));
        add(all, "--kafka-config", instance.kafkaConfig());
        add(all, "--to-topic", topic);
        add(all, "--to-kafka", target);
        add(all, "--to-kafka-config", targetConfig);
        add(all, "--from", from);
        add(all, "--to", to);
        add(all, "--as", as);
        if (speed != null) {
            add(all, "--speed", speed.times);
            if (speed.asRecorded) {
                all.add("--as-recorded");
            }
            if (speed.max) {
                all.add("--max");
            }
        }
        return all;
    }

    private static void add(List<String> arguments, String option, @Nullable Object value) {
        if (value != null) {
            arguments.add(option);
            arguments.add(value.toString());
        }
    }
}
