package io.gradwatch.experiments.gpu;

import io.gradwatch.experiments.gpu.Machine.Smi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Asks the driver's command-line program. */
final class NvidiaSmi {
    private static final int PATIENCE_SECONDS = 10;
    private static final String PROGRAM = "nvidia-smi";

    private NvidiaSmi() {}

    static Smi ask() {
        return ask(PROGRAM);
    }

    static Smi ask(String program) {
        String fields = String.join(",", Gpu.FIELDS);
        Smi answer = query(program, fields + "," + Gpu.CAPABILITY_FIELD);
        boolean tooOldToTell =
                answer instanceof Smi.Failed failed && failed.message().contains(Gpu.CAPABILITY_FIELD);
        return tooOldToTell ? query(program, fields) : answer;
    }

    private static Smi query(String program, String fields) {
        Process process;
        try {
            process = new ProcessBuilder(program, "--query-gpu=" + fields, "--format=csv,noheader")
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .start();
        } catch (IOException e) {
            return new Smi.Absent();
        }
        try {
            // a few lines fit the pipe: it can end before they are read
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Smi.Failed("no answer within " + PATIENCE_SECONDS + " seconds");
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return read(process.exitValue(), output);
        } catch (IOException e) {
            return new Smi.Failed(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return new Smi.Failed("interrupted");
        }
    }

    /** Makes sense of an exit code and what was printed. */
    static Smi read(int exitCode, String output) {
        if (output.contains("No devices were found")) {
            return new Smi.Answered(List.of());
        }
        List<Gpu> gpus = Stream.of(output.split("\n"))
                .map(Gpu::parse)
                .flatMap(Optional::stream)
                .toList();
        if (exitCode == 0) {
            return new Smi.Answered(gpus);
        }
        String message = output.strip().replaceAll("\\s+", " ");
        return new Smi.Failed(message.isEmpty() ? "exit code " + exitCode : message);
    }
}
