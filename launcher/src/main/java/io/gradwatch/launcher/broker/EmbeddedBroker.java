package io.gradwatch.launcher.broker;

import io.gradwatch.launcher.process.Backoff;
import io.gradwatch.launcher.process.ChildProcess;
import io.gradwatch.launcher.process.ClassArchive;
import io.gradwatch.launcher.process.JavaProgram;
import io.gradwatch.launcher.process.Output;
import io.gradwatch.launcher.process.Supervised;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.random.RandomGenerator;

/**
 * A single Kafka broker in a JVM of its own, on a port of the loopback interface that stays the same from start to start
 * as long as nothing else takes it. When it dies, it is started again on the same port; every record that it had
 * acknowledged is still there.
 */
public final class EmbeddedBroker {
    private static final String MAIN_CLASS = "io.gradwatch.launcher.BrokerProcess";
    private static final Duration POLL = Duration.ofMillis(25);

    private final BrokerIdentity identity;
    private final ClassArchive archive;
    private final Supervised process;

    private EmbeddedBroker(BrokerIdentity identity, ClassArchive archive, Supervised process) {
        this.identity = identity;
        this.archive = archive;
        this.process = process;
    }

    /**
     * Starts the broker and returns at once; {@code process().ready()} tells when it accepts connections.
     *
     * @param storage its folder, formatted on first use; no other process may use it
     * @param log where its log is appended
     * @param cache where what speeds its start is kept
     * @param program the JVM and class path to run it with
     */
    public static EmbeddedBroker start(
            Path storage, Path log, Path cache, JavaProgram program, Supervised.Events events) throws IOException {
        Files.createDirectories(storage);
        BrokerIdentity identity =
                BrokerIdentity.remembered(storage.resolve("broker.properties"), RandomGenerator.getDefault());
        Path settings = storage.resolve("server.properties");
        writeSettings(settings, BrokerSettings.of(identity));
        ClassArchive archive = ClassArchive.of(cache, "broker", program.classPath());
        Supervised.Start start = new Supervised.Start() {
            @Override
            public ChildProcess start() throws IOException {
                return ChildProcess.start(
                        program.withJvmArguments(archive.jvmArguments())
                                .withArguments(List.of(settings.getFileName().toString(), identity.clusterId()))
                                .in(storage),
                        new Output.Logged(log, line -> {}));
            }

            @Override
            public void awaitReady(ChildProcess child) throws InterruptedException {
                while (child.isAlive() && !Ports.accepts(identity.port())) {
                    Thread.sleep(POLL.toMillis());
                }
            }
        };
        return new EmbeddedBroker(identity, archive, Supervised.start("broker", start, events, Backoff.DEFAULT));
    }

    /** The program to pass to {@link #start}: little memory, and quick to start rather than fast for hours. */
    public static JavaProgram program(List<Path> classPath) {
        return JavaProgram.of(MAIN_CLASS, classPath)
                .withJvmArguments(List.of(
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-Dlogback.configurationFile=broker-logback.xml"));
    }

    /** Where clients connect: {@code 127.0.0.1:PORT}. */
    public String bootstrap() {
        return "127.0.0.1:" + identity.port();
    }

    public Supervised process() {
        return process;
    }

    /** Stops the broker cleanly, or by force if that takes longer than {@code grace} and two seconds. */
    public void stop(Duration grace) {
        archive.programEnded(process.stop(grace));
    }

    private static void writeSettings(Path file, Properties settings) throws IOException {
        try (Writer writer = Files.newBufferedWriter(file)) {
            settings.store(writer, "Written at every start");
        }
    }
}
