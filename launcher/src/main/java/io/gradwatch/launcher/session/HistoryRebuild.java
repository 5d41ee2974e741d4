package io.gradwatch.launcher.session;

import io.gradwatch.launcher.broker.EmbeddedBroker;
import io.gradwatch.launcher.broker.KafkaAddress;
import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.datadir.DataDirectoryLock;
import io.gradwatch.launcher.process.ChildProcess;
import io.gradwatch.launcher.process.JavaProgram;
import io.gradwatch.launcher.process.Output;
import io.gradwatch.launcher.process.Supervised;
import io.gradwatch.launcher.terminal.Problem;
import io.gradwatch.launcher.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Makes history again, in a process of its own, with the broker that it needs. Blocks the caller. */
public final class HistoryRebuild {
    private static final String TOOL = "io.gradwatch.telemetry.HistoryTool";
    private static final String PROGRESS = "PROGRESS ";
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final long BROKER_SECONDS = 60;

    private static final Supervised.Events SILENT = new Supervised.Events() {
        @Override
        public void died(int exitCode, Duration untilRestart) {}

        @Override
        public void recovered(Duration outage) {}
    };

    private HistoryRebuild() {}

    /**
     * Does it.
     *
     * @param rules file of the alert rules; null: that of the data directory
     * @param elsewhere the Kafka to read; null: the embedded one of the data directory
     * @return the tool's exit code
     * @throws Problem the directory is in use, or Kafka does not start
     */
    public static int run(
            Installation installation,
            DataDirectory directory,
            @Nullable KafkaAddress elsewhere,
            @Nullable Path rules,
            boolean acceptDifferences,
            Terminal terminal) {
        directory.prepare();
        DataDirectoryLock lock = DataDirectoryLock.take(directory);
        EmbeddedBroker broker = null;
        try {
            KafkaAddress kafka = elsewhere;
            if (kafka == null) {
                terminal.progress("starting the broker …");
                broker = EmbeddedBroker.start(
                        directory.kafka(),
                        directory.logs().resolve("broker.log"),
                        directory.cache(),
                        installation.broker().withJvmArguments(Jvm.common(directory)),
                        SILENT);
                broker.process().ready().get(BROKER_SECONDS, TimeUnit.SECONDS);
                kafka = new KafkaAddress(broker.bootstrap(), null);
            } else {
                kafka.requireAnswer();
            }
            return tool(installation, directory, kafka, rules, acceptDifferences, terminal);
        } catch (IOException e) {
            throw Problem.failure("History cannot be rebuilt: " + e.getMessage());
        } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
            throw Problem.failure(
                    "The broker does not start. Its log is " + directory.logs().resolve("broker.log"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.failure("Interrupted; the old history was left in place");
        } finally {
            if (broker != null) {
                broker.stop(GRACE);
            }
            lock.close();
        }
    }

    private static int tool(
            Installation installation,
            DataDirectory directory,
            KafkaAddress kafka,
            @Nullable Path rules,
            boolean acceptDifferences,
            Terminal terminal)
            throws IOException, InterruptedException {
        JavaProgram service = installation.service();
        List<String> arguments = new ArrayList<>(List.of(
                "rebuild",
                "--kafka",
                kafka.bootstrap(),
                "--data-dir",
                directory.root().toString()));
        Path configuration = kafka.configuration();
        if (configuration != null) {
            arguments.addAll(List.of("--kafka-config", configuration.toString()));
        }
        if (rules != null) {
            arguments.addAll(List.of("--rules", rules.toAbsolutePath().toString()));
        }
        if (acceptDifferences) {
            arguments.add("--accept-differences");
        }
        ChildProcess tool = ChildProcess.start(
                JavaProgram.of(TOOL, service.classPath())
                        .withJvmArguments(Jvm.common(directory))
                        .withJvmArguments(List.of("-Xmx768m"))
                        .withArguments(arguments),
                new Output.Logged(directory.logs().resolve("rebuild.log"), line -> {
                    if (line.startsWith(PROGRESS)) {
                        terminal.progress(line.substring(PROGRESS.length()));
                    } else {
                        terminal.line(line);
                    }
                }));
        try {
            int code = tool.exit().join();
            tool.awaitOutput();
            terminal.endProgress();
            if (code != 0 && !tool.lastErrors().isEmpty()) {
                throw Problem.ofChild(code, String.join("\n", tool.lastErrors()));
            }
            return code;
        } finally {
            tool.stop(GRACE);
        }
    }
}
