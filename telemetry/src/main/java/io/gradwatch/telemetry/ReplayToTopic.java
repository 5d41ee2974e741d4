package io.gradwatch.telemetry;

import io.gradwatch.contract.RunIds;
import io.gradwatch.telemetry.ingest.KafkaSettings;
import io.gradwatch.telemetry.replay.Pace;
import io.gradwatch.telemetry.republish.Plan;
import io.gradwatch.telemetry.republish.RepublishException;
import io.gradwatch.telemetry.republish.Republisher;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends a run's records again, as a process of its own. Exit codes: 0 sent, or ended as asked; 1 failed; 2 bad usage. */
@Command(
        name = "replay",
        description = "Send the records of a stored run onto a topic again, to try consumers with them.",
        mixinStandardHelpOptions = true)
public final class ReplayToTopic implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", description = "Its id, as 'gradwatch runs list' prints it.")
    private String run = "";

    @Option(names = "--kafka", required = true, paramLabel = "HOST:PORT", description = "The log.")
    private String kafka = "";

    @Option(names = "--kafka-config", paramLabel = "FILE", description = "Properties of Kafka's clients for it.")
    private @Nullable Path kafkaConfig;

    @Option(names = "--service", required = true, paramLabel = "URL", description = "The service.")
    private String service = "";

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
            description = "Properties of Kafka's clients for --to-kafka.")
    private @Nullable Path targetConfig;

    @ArgGroup
    private @Nullable Speed speed;

    @Option(names = "--from", paramLabel = "ITERATION", description = "The first one. Default: all.")
    private @Nullable Long from;

    @Option(names = "--to", paramLabel = "ITERATION", description = "The one before which it ends. Default: all.")
    private @Nullable Long to;

    @Option(names = "--as", paramLabel = "RUN", description = "Give the records this run id instead.")
    private @Nullable String as;

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

    private final Ending ending = new Ending();
    private final AtomicBoolean stopped = new AtomicBoolean();

    /** Runs it. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ReplayToTopic()).execute(arguments));
    }

    @Override
    public Integer call() {
        ending.listen(System.getenv());
        Thread watch = new Thread(this::awaitEnd, "end");
        watch.setDaemon(true);
        watch.start();
        boolean terminal = "1".equals(System.getenv("GRADWATCH_TERMINAL"));
        try {
            Plan plan = plan();
            KafkaSettings log = KafkaSettings.of(kafka, kafkaConfig);
            KafkaSettings there = target == null && targetConfig == null
                    ? log
                    : KafkaSettings.of(target == null ? kafka : target, targetConfig);
            Republisher republisher = new Republisher(
                    clients(log), clients(there), service, stopped::get, progress -> tell(progress, terminal));
            Republisher.Progress sent = republisher.run(plan);
            System.out.printf(
                    Locale.ROOT,
                    "%s%s%d records (%d iterations) of %s in %.1f s%n",
                    terminal ? "\r" : "",
                    stopped.get() ? "Stopped after " : "Sent ",
                    sent.records(),
                    sent.iterations(),
                    run,
                    sent.seconds());
            return 0;
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return 2;
        } catch (RepublishException e) {
            System.err.println((terminal ? "\n" : "") + e.getMessage());
            return 1;
        }
    }

    private Plan plan() {
        if (!RunIds.isValid(run)) {
            throw new IllegalArgumentException("RUN is \"" + run + "\"; accepted is " + RunIds.FORM);
        }
        if (as != null && !RunIds.isValid(as)) {
            throw new IllegalArgumentException("--as is \"" + as + "\"; accepted is " + RunIds.FORM);
        }
        if (topic != null && !topic.matches("[A-Za-z0-9._-]{1,249}")) {
            throw new IllegalArgumentException("--to-topic is \"" + topic
                    + "\"; accepted is 1 to 249 letters, digits, dots, underscores and hyphens");
        }
        if (topic == null && target == null && targetConfig == null && as == null) {
            throw new IllegalArgumentException(
                    "where to is missing; accepted is --to-topic TOPIC, --to-kafka HOST:PORT, or --as RUN");
        }
        long first = from == null ? 0 : from;
        if (first < 0 || (to != null && to <= first)) {
            throw new IllegalArgumentException(
                    "the range is " + first + " to " + to + "; accepted is a --to above a --from of at least 0");
        }
        Plan plan = new Plan(
                run,
                topic,
                as,
                pace(),
                from == null ? OptionalLong.empty() : OptionalLong.of(from),
                to == null ? OptionalLong.empty() : OptionalLong.of(to));
        Republisher.problemOf(plan).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        return plan;
    }

    private @Nullable Pace pace() {
        if (speed == null) {
            return Pace.times(1);
        }
        if (speed.max) {
            return null;
        }
        if (speed.asRecorded) {
            return Pace.RECORDED;
        }
        double times = speed.times == null ? 1 : speed.times;
        if (!Pace.isAccepted(times)) {
            throw new IllegalArgumentException(
                    "--speed is " + times + "; accepted is 0.1 to 1000, --as-recorded or --max");
        }
        return Pace.times(times);
    }

    /** What clients of any kind need to find the cluster. */
    private static Map<String, Object> clients(KafkaSettings settings) {
        return settings.admin();
    }

    private static void tell(Republisher.Progress progress, boolean terminal) {
        if (!progress.finished()) {
            System.err.printf(
                    Locale.ROOT,
                    "%s%d records (%d iterations) in %.0f s%s",
                    terminal ? "\r" : "",
                    progress.records(),
                    progress.iterations(),
                    progress.seconds(),
                    terminal ? "" : "\n");
        }
    }

    private void awaitEnd() {
        try {
            var unused = ending.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            System.err.println(e);
        }
        stopped.set(true);
    }
}
