package io.gradwatch.telemetry.drill;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of ours that ends when we do, or when told to. */
final class Child implements AutoCloseable {
    private final Process process;

    private Child(Process process) {
        this.process = process;
    }

    /** Starts a main class; its output is appended to a file, save what {@code out} is left to read. */
    static Child start(
            Path directory, Path log, boolean readOutput, List<String> jvm, String main, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.add(main);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        if (!readOutput) {
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        }
        builder.environment().put("GRADWATCH_CHILD", "1");
        return new Child(builder.start());
    }

    /** Reads standard output up to a line that begins so; gives the rest of it. */
    String await(String beginning) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(beginning)) {
                return line.substring(beginning.length()).strip();
            }
        }
        throw new IOException("the process ended before it said " + beginning);
    }

    long pid() {
        return process.pid();
    }

    /** Bytes in main memory, now. */
    long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        throw new IOException("no VmRSS");
    }

    /** Bytes of heap in use and committed, now. */
    long[] heapBytes() throws IOException, InterruptedException {
        String jstat = Path.of(System.getProperty("java.home"), "bin", "jstat").toString();
        Process asked = new ProcessBuilder(jstat, "-J-Xmx32m", "-gc", Long.toString(pid()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> lines = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        asked.waitFor();
        String[] names = lines.get(0).strip().split("\\s+");
        String[] values = lines.get(1).strip().split("\\s+");
        double used = 0;
        double committed = 0;
        for (int i = 0; i < names.length; i++) {
            if (names[i].matches("S0U|S1U|EU|OU")) {
                used += Double.parseDouble(values[i]);
            } else if (names[i].matches("S0C|S1C|EC|OC")) {
                committed += Double.parseDouble(values[i]);
            }
        }
        return new long[] {(long) used << 10, (long) committed << 10};
    }

    /** Collects all garbage; what is in use after that is alive. */
    void collectGarbage() throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        new ProcessBuilder(jcmd, "-J-Xmx32m", Long.toString(pid()), "GC.run")
                .redirectOutput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** Processor time that it has used, nanoseconds. */
    long cpuNanos() {
        return process.info()
                .totalCpuDuration()
                .map(java.time.Duration::toNanos)
                .orElse(0L);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException, IOException {
        process.getOutputStream().close();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            kill();
        }
    }
}
