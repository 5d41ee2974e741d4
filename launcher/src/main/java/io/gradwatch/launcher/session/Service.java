package io.gradwatch.launcher.session;

import io.gradwatch.launcher.broker.KafkaAddress;
import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.process.Backoff;
import io.gradwatch.launcher.process.ChildProcess;
import io.gradwatch.launcher.process.ClassArchive;
import io.gradwatch.launcher.process.JavaProgram;
import io.gradwatch.launcher.process.Output;
import io.gradwatch.launcher.process.Supervised;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The telemetry service in a JVM of its own. When it dies, it is started again on the same port. Safe for any thread.
 */
final class Service {
    private static final String READY = "READY ";
    private static final Duration POLL = Duration.ofMillis(50);

    private final ClassArchive archive;
    private final Supervised process;
    private final CompletableFuture<String> url;

    private Service(ClassArchive archive, Supervised process, CompletableFuture<String> url) {
        this.archive = archive;
        this.process = process;
        this.url = url;
    }

    /**
     * Starts it and returns at once. It waits for Kafka by itself.
     *
     * @param launcher name under which this launcher starts trainers that the dashboard asks for; null: it starts none
     */
    static Service start(
            JavaProgram program,
            DataDirectory directory,
            KafkaAddress kafka,
            Dashboard dashboard,
            @Nullable String launcher,
            Supervised.Events events)
            throws IOException {
        ClassArchive archive = ClassArchive.of(directory.cache(), "service", program.classPath());
        CompletableFuture<String> url = new CompletableFuture<>();
        Map<String, String> variables = new HashMap<>(program.environment());
        if (launcher != null) {
            variables.put("GRADWATCH_LAUNCHER", launcher);
        }
        Supervised.Start start = new Supervised.Start() {
            private volatile CompletableFuture<String> ready = new CompletableFuture<>();

            @Override
            public ChildProcess start() throws IOException {
                CompletableFuture<String> next = new CompletableFuture<>();
                ready = next;
                Path log = directory.logs().resolve("service.log");
                return ChildProcess.start(
                        program.withEnvironment(variables)
                                .withJvmArguments(Jvm.common(directory))
                                .withJvmArguments(List.of("-Xmx512m"))
                                .withJvmArguments(archive.jvmArguments())
                                .withArguments(arguments(directory, kafka, dashboard, port())),
                        new Output.Logged(log, line -> {
                            if (line.startsWith(READY)) {
                                next.complete(line.substring(READY.length()).strip());
                            }
                        }));
            }

            /** The one that it got the first time, where any would do. */
            private int port() {
                return url.isDone() ? URI.create(url.join()).getPort() : dashboard.port();
            }

            @Override
            public void awaitReady(ChildProcess child) throws InterruptedException {
                while (child.isAlive()) {
                    try {
                        url.complete(ready.get(POLL.toMillis(), TimeUnit.MILLISECONDS));
                        return;
                    } catch (TimeoutException e) {
                        // not yet
                    } catch (ExecutionException e) {
                        throw new IllegalStateException("never completed with an error", e);
                    }
                }
            }
        };
        return new Service(archive, Supervised.start("service", start, events, Backoff.DEFAULT), url);
    }

    Supervised process() {
        return process;
    }

    /** Address of the dashboard, once {@code process().ready()} is complete. */
    String url() {
        return url.join();
    }

    void stop(Duration grace) {
        archive.programEnded(process.stop(grace));
    }

    private static List<String> arguments(DataDirectory directory, KafkaAddress kafka, Dashboard dashboard, int port) {
        List<String> arguments = new ArrayList<>(List.of("--kafka", kafka.bootstrap()));
        if (kafka.configuration() != null) {
            arguments.add("--kafka-config");
            arguments.add(kafka.configuration().toString());
        }
        arguments.addAll(List.of(
                "--data-dir",
                directory.root().toString(),
                "--host",
                dashboard.host(),
                "--port",
                Integer.toString(port)));
        Path rules = dashboard.rules();
        if (rules != null) {
            arguments.addAll(List.of("--rules", rules.toAbsolutePath().toString()));
        }
        Path certificate = dashboard.tlsCertificate();
        Path key = dashboard.tlsKey();
        if (certificate != null && key != null) {
            arguments.addAll(List.of(
                    "--tls-cert",
                    certificate.toAbsolutePath().toString(),
                    "--tls-key",
                    key.toAbsolutePath().toString()));
        }
        return arguments;
    }
}
