package io.gradwatch.listener.resources;

import io.gradwatch.contract.v1.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** This process's use of the machine. A figure that this platform does not tell is absent. For one thread. */
public final class ProcessResources implements ResourceSampler.Source {
    private static final Path STATUS = Path.of("/proc/self/status");

    private final OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    private final LongSupplier nativeBytes;
    private final @Nullable GpuMonitor gpu;
    private long lastCpuNanos = -1;
    private long lastNanos;

    /**
     * @param nativeBytes memory of native arrays; below 0 for not known
     * @param gpu null without one; closed with this
     */
    public ProcessResources(LongSupplier nativeBytes, @Nullable GpuMonitor gpu) {
        this.nativeBytes = nativeBytes;
        this.gpu = gpu;
        processCpu(); // the time from here on is the first sample's
    }

    @Override
    public Resources sample() {
        Resources.Builder sample = Resources.newBuilder();
        double process = processCpu();
        if (process >= 0) {
            sample.setProcessCpu((float) process);
        }
        if (system instanceof com.sun.management.OperatingSystemMXBean more) {
            double all = more.getCpuLoad();
            if (all >= 0) {
                sample.setSystemCpu((float) all);
            }
        }
        sample.setHeapBytes(memory.getHeapMemoryUsage().getUsed());
        residentBytes().ifPresent(sample::setResidentBytes);
        long arrays = nativeBytes.getAsLong();
        if (arrays >= 0) {
            sample.setNativeBytes(arrays);
        }
        GpuMonitor.Reading reading = gpu == null ? null : gpu.newest();
        if (reading != null) {
            sample.setGpu(reading.share()).setGpuBytes(reading.bytes());
        }
        return sample.build();
    }

    /** Processors in use since the last call; below 0 when it cannot be told. */
    private double processCpu() {
        if (!(system instanceof com.sun.management.OperatingSystemMXBean more)) {
            return -1;
        }
        long cpu = more.getProcessCpuTime();
        long now = System.nanoTime();
        double used = lastCpuNanos < 0 || cpu < 0 ? -1 : (double) (cpu - lastCpuNanos) / Math.max(1, now - lastNanos);
        lastCpuNanos = cpu;
        lastNanos = now;
        return used;
    }

    private static OptionalLong residentBytes() {
        if (!Files.isReadable(STATUS)) {
            return OptionalLong.empty();
        }
        try {
            return residentBytes(Files.readAllLines(STATUS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The line {@code VmRSS: 123456 kB}. */
    static OptionalLong residentBytes(List<String> status) {
        for (String line : status) {
            String[] words = line.split("\\s+");
            if (words.length == 3 && words[0].equals("VmRSS:") && words[1].matches("\\d{1,15}")) {
                return OptionalLong.of(Long.parseLong(words[1]) * 1024);
            }
        }
        return OptionalLong.empty();
    }

    @Override
    public void close() {
        if (gpu != null) {
            gpu.close();
        }
    }
}
