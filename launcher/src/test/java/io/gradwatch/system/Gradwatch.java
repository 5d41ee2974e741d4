package io.gradwatch.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One {@code gradwatch …} command as a process of its own, as a user would start it. */
final class Gradwatch implements AutoCloseable {
    private static final Path ROOT =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent(), "run from the module");
    private static final Pattern URL = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

    private final Process process;
    private final Object lock = new Object();
    private final List<String> lines = new ArrayList<>(); // guarded by lock

    private Gradwatch(Process process) {
        this.process = process;
        read(process.getInputStream());
        read(process.getErrorStream());
    }

    /** Starts a command whose data directory is {@code home}. */
    static Gradwatch start(Path home, String... arguments) throws IOException {
        // where the build itself ignores Ctrl-C (nohup, a script's background), its children would too
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-Dgradwatch.root=" + ROOT,
                "-cp",
                ROOT.resolve("launcher/target/lib") + "/*:" + launcherJar(),
                "io.gradwatch.launcher.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("GRADWATCH_HOME", home.toString());
        builder.environment().put("NO_COLOR", "1");
        builder.environment().remove("GRADWATCH_CHILD");
        return new Gradwatch(builder.start());
    }

    private static Path launcherJar() throws IOException {
        try (var jars =
                java.nio.file.Files.newDirectoryStream(ROOT.resolve("launcher/target"), "gradwatch-launcher-*.jar")) {
            for (Path jar : jars) {
                return jar;
            }
        }
        throw new IOException("launcher/target holds no gradwatch-launcher-*.jar; run mvnw package first");
    }

    private void read(InputStream stream) {
        Thread reader = new Thread(
                () -> {
                    try (var in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        for (String line = in.readLine(); line != null; line = in.readLine()) {
                            synchronized (lock) {
                                lines.add(line);
                            }
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                "gradwatch-output");
        reader.setDaemon(true);
        reader.start();
    }

    long pid() {
        return process.pid();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Everything printed so far, both streams. */
    String output() {
        synchronized (lock) {
            return String.join("\n", lines);
        }
    }

    /** The dashboard's address, once printed. */
    String awaitUrl(Duration patience) {
        return await(URL, patience).group();
    }

    Matcher await(Pattern pattern, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Matcher matcher = pattern.matcher(output());
            if (matcher.find()) {
                return matcher;
            }
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError("no \"" + pattern + "\" within " + patience.toSeconds() + " s"
                        + (process.isAlive() ? "" : ", ended with " + process.exitValue()) + "; output:\n" + output());
            }
            pause();
        }
    }

    /** Exit code. */
    int awaitExit(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running after " + patience.toSeconds() + " s; output:\n" + output());
        }
        Thread.sleep(100); // let the readers drain
        return process.exitValue();
    }

    /** What Ctrl-C sends. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(pid())).start().waitFor();
    }

    /** The child process whose command line names {@code mainClass}. */
    ProcessHandle child(String mainClass) {
        return process.descendants()
                .filter(p -> commandLine(p).contains(mainClass))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no child runs " + mainClass));
    }

    /** The whole of it: {@link ProcessHandle.Info} ends at 4096 bytes, within the class path. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
        } catch (IOException e) {
            return ""; // it has just ended
        }
    }

    List<ProcessHandle> descendants() {
        return process.descendants().toList();
    }

    static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        if (process.isAlive()) {
            interrupt();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
        for (ProcessHandle child : children) {
            child.destroyForcibly();
        }
    }
}
