package io.gradwatch.experiments.layers;

import io.gradwatch.experiments.gpu.CudaBackend;
import io.gradwatch.experiments.gpu.CudaCheck;
import io.gradwatch.experiments.gpu.UnusableBackendException;
import io.gradwatch.experiments.gpu.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * The native code that ND4J runs on, started and looked at: call {@link #start} once, before the first array is made.
 *
 * @param name of ND4J's backend, "CpuBackend"
 * @param threads that native operations and the layers of this package use
 * @param library path of the native library; empty where the operating system does not tell
 * @param gpu that it computes on, by name; empty on the CPU
 * @param warning what makes this backend slow, in one sentence for a person; empty if nothing does
 */
public record NativeBackend(
        String name, int threads, Optional<String> library, Optional<String> gpu, Optional<String> warning) {
    private static final String LIBRARY = "libnd4jcpu.so";
    private static final Path MAPS = Path.of("/proc/self/maps");

    /**
     * Loads the backend and sets its threads. The same seed gives the same bits only with the same number of threads.
     * For the environment, set before the process starts: {@code OMP_NUM_THREADS} to the same number, and {@code
     * OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=5000}, without the first of which a busy machine slows training several times
     * and without the second a quiet one some percent; with glibc also {@code
     * MALLOC_ARENA_MAX=1 MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=8589934592
     * GLIBC_TUNABLES=glibc.malloc.hugetlb=1}, without which the working memory of every convolution goes back to the
     * system and comes again as new pages. {@code ./gradwatch} sets all of them.
     *
     * @param threads 1 or more
     * <p>With the CUDA backend on the class path the machine is checked first, and the threads are those of this package
     * only.
     *
     * @throws IllegalArgumentException if threads is below 1
     * @throws UnusableBackendException if the CUDA backend cannot run on this machine
     */
    public static NativeBackend start(int threads) {
        TileWorkers.shareAmong(threads);
        return CudaBackend.isOnClassPath() ? startCuda(threads) : startCpu(threads);
    }

    private static NativeBackend startCuda(int threads) {
        if (CudaCheck.ofThisMachine() instanceof Verdict.Unusable unusable) {
            throw new UnusableBackendException(unusable.message());
        }
        String name = Nd4j.getBackend().getClass().getSimpleName();
        NativeOps device = NativeOpsHolder.getInstance().getDeviceNativeOps();
        int used = Nd4j.getAffinityManager().getDeviceForCurrentThread();
        String gpu = device.getDeviceName(used) + " (compute capability " + device.getDeviceMajor(used) + "."
                + device.getDeviceMinor(used) + ")";
        return new NativeBackend(name, threads, Optional.empty(), Optional.of(gpu), Optional.empty());
    }

    private static NativeBackend startCpu(int threads) {
        Nd4j.getEnvironment().setMaxThreads(threads);
        Nd4j.getEnvironment().setMaxMasterThreads(threads);
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
        List<String> libraries = loadedLibraries();
        return new NativeBackend(
                Nd4j.getBackend().getClass().getSimpleName(),
                threads,
                libraries.stream().findFirst(),
                Optional.empty(),
                warningAbout(libraries));
    }

    /** One line for a log or a report. */
    public String describe() {
        if (gpu.isPresent()) {
            return name + " on " + gpu.get();
        }
        String kind = library.map(path -> path.contains("onednn") ? " with oneDNN" : "")
                .orElse("");
        return name + kind + ", " + threads + (threads == 1 ? " thread" : " threads");
    }

    /** Whether arrays lie in a GPU's memory, where only ND4J's own operations reach them. */
    public static boolean onGpu() {
        return isGpu(Nd4j.getBackend().getClass().getName());
    }

    /** The same for ND4J's backend of this class name. */
    static boolean isGpu(String backend) {
        return backend.startsWith("org.nd4j.linalg.jcublas.");
    }

    static Optional<String> warningAbout(List<String> libraries) {
        return libraries.stream()
                .filter(path -> !path.contains("onednn"))
                .findFirst()
                .map(path ->
                        "The native library " + path + " has no oneDNN: convolutions run many times slower. Put only"
                                + " nd4j-native with a classifier that ends in -onednn, -onednn-avx2 or -onednn-avx512 on the"
                                + " class path.");
    }

    private static List<String> loadedLibraries() {
        if (!Files.isReadable(MAPS)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(MAPS, StandardCharsets.UTF_8)) {
            return librariesIn(lines);
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Paths of ND4J's library in lines of {@code /proc/self/maps}. */
    static List<String> librariesIn(Stream<String> maps) {
        return maps.filter(line -> line.contains(LIBRARY))
                .map(line -> line.substring(line.indexOf('/')))
                .distinct()
                .toList();
    }
}
