package io.gradwatch.listener.resources;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one NVIDIA GPU's use from a long-lived {@code nvidia-smi}, which prints a line a second. Any thread may call any
 * method.
 */
public final class GpuMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GpuMonitor.class);
    private static final long MEBIBYTE = 1L << 20;

    private final Process process;
    private volatile @Nullable Reading newest;

    /**
     * A GPU's use.
     *
     * @param share of the last second in which it was busy, 0 to 1
     * @param bytes of its memory in use, by anybody
     */
    public record Reading(float share, long bytes) {}

    private GpuMonitor(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "gradwatch-gpu");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts {@code nvidia-smi} for the GPU that CUDA calls its first one. Null, and a line in the log, where it cannot be
     * started.
     */
    public static @Nullable GpuMonitor start() {
        String visible = System.getenv("CUDA_VISIBLE_DEVICES");
        String device = visible == null || visible.isBlank() ? "0" : visible.split(",", 2)[0].strip();
        return start(List.of(
                "nvidia-smi",
                "-i",
                device,
                "--query-gpu=utilization.gpu,memory.used",
                "--format=csv,noheader,nounits",
                "-l",
                "1"));
    }

    static @Nullable GpuMonitor start(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            return new GpuMonitor(process);
        } catch (IOException e) {
            LOG.info("no figures of the GPU: {}", e.getMessage());
            return null;
        }
    }

    private void read() {
        String problem = "";
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Reading reading = parse(line);
                newest = reading;
                problem = reading == null ? line : "";
            }
        } catch (IOException e) {
            problem = String.valueOf(e.getMessage()); // closed while it was read
        }
        newest = null;
        if (!problem.isBlank()) {
            LOG.info("no figures of the GPU any more: {}", problem);
        }
    }

    /** {@code 87, 10240}: per cent and MiB; null for anything else, such as {@code [N/A]}. */
    static @Nullable Reading parse(String line) {
        String[] numbers = line.strip().split("\\s*,\\s*", -1);
        if (numbers.length != 2 || !numbers[0].matches("\\d{1,3}") || !numbers[1].matches("\\d{1,9}")) {
            return null;
        }
        return new Reading(Integer.parseInt(numbers[0]) / 100f, Long.parseLong(numbers[1]) * MEBIBYTE);
    }

    /** The last second's figures; null when there are none. */
    public @Nullable Reading newest() {
        return newest;
    }

    /** Ends {@code nvidia-smi}. */
    @Override
    public void close() {
        process.destroy();
    }
}
