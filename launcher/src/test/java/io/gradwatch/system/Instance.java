package io.gradwatch.system;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One telemetry service of a group, as a process that can be killed and started again on its port and its data. */
final class Instance implements AutoCloseable {
    private static final Path ROOT =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent(), "run from the module");

    private final List<String> command;
    private final Path output;
    private final String url;
    private @Nullable Process process;

    /**
     * Starts one.
     *
     * @param home for all services of the group
     * @param name of its data directory in it
     */
    Instance(Path home, String name, String bootstrap, Path kafkaConfig, String... more) throws IOException {
        int port = freePort();
        url = "http://127.0.0.1:" + port;
        output = home.resolve(name + ".out");
        command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                ROOT.resolve("telemetry/target/lib") + "/*:" + jar(),
                "io.gradwatch.telemetry.TelemetryService",
                "--kafka",
                bootstrap,
                "--kafka-config",
                kafkaConfig.toString(),
                "--data-dir",
                home.resolve(name).toString(),
                "--config-dir",
                home.resolve("config").toString(),
                "--port",
                Integer.toString(port),
                "--group",
                "scale-out"));
        command.addAll(List.of(more));
        start();
    }

    private static Path jar() throws IOException {
        try (DirectoryStream<Path> jars =
                Files.newDirectoryStream(ROOT.resolve("telemetry/target"), "gradwatch-telemetry-*.jar")) {
            for (Path jar : jars) {
                if (!jar.toString().endsWith("-sources.jar") && !jar.toString().endsWith("-tests.jar")) {
                    return jar;
                }
            }
        }
        throw new IOException("telemetry/target holds no gradwatch-telemetry-*.jar; run mvnw package first");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().remove("GRADWATCH_CHILD");
        process = builder.start();
    }

    String url() {
        return url;
    }

    Api api() {
        return new Api(url);
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        Process running = Objects.requireNonNull(process);
        running.destroyForcibly();
        running.waitFor();
    }

    /** SIGTERM, and a start. */
    void restart() throws IOException, InterruptedException {
        close();
        start();
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() throws InterruptedException {
        Process running = Objects.requireNonNull(process);
        running.destroy();
        if (!running.waitFor(20, TimeUnit.SECONDS)) {
            running.destroyForcibly();
        }
    }
}
