package io.gradwatch.benchmarks.drill;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A process of the drill; what it says goes into a file, too. Any thread. */
final class Program implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(60);

    private final String name;
    private final Process process;
    private final StringBuilder output = new StringBuilder(); // guarded by itself

    private Program(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    static Program start(String name, Path directory, Map<String, String> environment, List<String> command)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Program program = new Program(name, builder.start());
        program.read(directory.resolve(name + ".out"));
        return program;
    }

    private void read(Path file) {
        Thread reader = new Thread(
                () -> {
                    try (var in = new BufferedReader(
                                    new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                            var out = Files.newBufferedWriter(
                                    file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                        for (String line = in.readLine(); line != null; line = in.readLine()) {
                            synchronized (output) {
                                output.append(line).append('\n');
                            }
                            out.append(line).append('\n').flush();
                        }
                    } catch (IOException e) {
                        // its end closes the stream
                    }
                },
                name + "-output");
        reader.setDaemon(true);
        reader.start();
    }

    String output() {
        synchronized (output) {
            return output.toString();
        }
    }

    Matcher await(Pattern pattern, Duration patience) throws InterruptedException {
        Matcher[] found = new Matcher[1];
        Wait.until(name + " says \"" + pattern + "\"", patience, () -> {
            Matcher matcher = pattern.matcher(output());
            found[0] = matcher;
            if (!matcher.find() && !process.isAlive()) {
                throw new IllegalStateException(name + " ended with " + process.exitValue() + ":\n" + output());
            }
            matcher.reset();
            return matcher.find();
        });
        return found[0];
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks it to end. */
    void terminate() {
        process.destroy();
    }

    /** Its exit code; waits for it. */
    int exit(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException(
                    name + " is still running after " + patience.toSeconds() + " s:\n" + output());
        }
        return process.exitValue();
    }

    /** Its child that runs a main class; there may be none yet, or none any more. */
    ProcessHandle child(String mainClass) {
        return process.descendants()
                .filter(child -> commandLine(child.pid()).contains(mainClass))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no child of " + name + " runs " + mainClass));
    }

    /** All of a process below this one, of which the command line has this word. */
    static Stream<ProcessHandle> below(ProcessHandle process, String word) {
        return process.descendants().filter(child -> commandLine(child.pid()).contains(word));
    }

    static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ');
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    /** Sends a signal by its name. */
    static void signal(long pid, String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
    }

    /** Memory of a process, bytes. */
    static long residentBytes(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        throw new IOException("process " + pid + " has no VmRSS");
    }

    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
