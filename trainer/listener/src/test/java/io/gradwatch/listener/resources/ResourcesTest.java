package io.gradwatch.listener.resources;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gradwatch.contract.v1.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ResourcesTest {
    @TempDir
    private Path folder;

    @Test
    void measuresThisProcess() {
        try (ProcessResources process = new ProcessResources(() -> 12_345, null)) {
            long begin = System.nanoTime();
            double busy = 0;
            while (System.nanoTime() - begin < 50_000_000) {
                busy += Math.sqrt(busy + 1);
            }
            Resources sample = process.sample();
            assertThat(busy).isPositive();
            assertThat(sample.getProcessCpu()).isPositive().isLessThan(1024);
            assertThat(sample.getHeapBytes())
                    .isBetween(1L << 20, Runtime.getRuntime().maxMemory());
            assertThat(sample.getNativeBytes()).isEqualTo(12_345);
            assertThat(sample.hasGpu()).isFalse();
            assertThat(sample.hasGpuBytes()).isFalse();
            if (sample.hasSystemCpu()) {
                assertThat(sample.getSystemCpu()).isBetween(0f, 1f);
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void knowsItsMemoryOnLinux() {
        try (ProcessResources process = new ProcessResources(() -> -1, null)) {
            Resources sample = process.sample();
            assertThat(sample.getResidentBytes()).isGreaterThan(10L << 20);
            assertThat(sample.hasNativeBytes()).isFalse();
        }
    }

    @Test
    void readsTheStatusOfAProcess() {
        assertThat(ProcessResources.residentBytes(List.of("Name:\tjava", "VmRSS:\t  123456 kB", "Threads: 1")))
                .isEqualTo(OptionalLong.of(123_456L * 1024));
        assertThat(ProcessResources.residentBytes(List.of("VmRSS:\tmany kB"))).isEmpty();
    }

    @Test
    void readsLinesOfNvidiaSmi() {
        assertThat(GpuMonitor.parse("87, 10240")).isEqualTo(new GpuMonitor.Reading(0.87f, 10_240L << 20));
        assertThat(GpuMonitor.parse("0, 3")).isEqualTo(new GpuMonitor.Reading(0, 3L << 20));
        assertThat(GpuMonitor.parse("[N/A], 10240")).isNull();
        assertThat(GpuMonitor.parse("No devices were found")).isNull();
        assertThat(GpuMonitor.parse("")).isNull();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void followsAGpuUntilItIsClosed() throws IOException {
        Path ended = folder.resolve("ended");
        Path script = folder.resolve("smi");
        Files.writeString(
                script,
                "trap 'touch " + ended + "; exit 0' TERM\necho '50, 100'\necho '75, 200'\n"
                        + "while true; do sleep 0.05; done\n");
        try (GpuMonitor gpu = GpuMonitor.start(List.of("sh", script.toString()));
                ProcessResources process = new ProcessResources(() -> 0, gpu)) {
            assertThat(gpu).isNotNull();
            await().until(() -> new GpuMonitor.Reading(0.75f, 200L << 20).equals(gpu.newest()));
            assertThat(process.sample().getGpu()).isEqualTo(0.75f);
            assertThat(process.sample().getGpuBytes()).isEqualTo(200L << 20);
        }
        await().until(() -> Files.exists(ended));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void hasNoFiguresWhenTheProgramEndsOrIsNotThere() {
        assertThat(GpuMonitor.start(List.of("/nowhere/nvidia-smi"))).isNull();
        try (GpuMonitor gpu = GpuMonitor.start(List.of("sh", "-c", "echo '50, 100'; echo NVIDIA-SMI has failed"))) {
            assertThat(gpu).isNotNull();
            await().until(() -> gpu.newest() == null);
        }
    }

    @Test
    void samplesOnItsOwnThreadAndGivesEachSampleOnce() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        AtomicInteger samples = new AtomicInteger();
        AtomicBoolean closed = new AtomicBoolean();
        AtomicInteger failures = new AtomicInteger();
        ResourceSampler.Source source = new ResourceSampler.Source() {
            @Override
            public Resources sample() {
                thread.set(Thread.currentThread());
                int n = samples.incrementAndGet();
                if (n == 2) {
                    throw new IllegalStateException("as told");
                }
                return Resources.newBuilder().setHeapBytes(n).build();
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };
        ResourceSampler sampler =
                ResourceSampler.start(source, Duration.ofMillis(20), failure -> failures.incrementAndGet());
        await().until(() -> samples.get() >= 4);
        Resources taken = requireNonNull(sampler.take());
        assertThat(taken.getHeapBytes()).isGreaterThanOrEqualTo(3);
        assertThat(requireNonNull(thread.get()).isDaemon()).isTrue();
        assertThat(failures).hasValue(1);
        sampler.close();
        await().until(closed::get);
        sampler.take();
        assertThat(sampler.take()).isNull();
    }
}
