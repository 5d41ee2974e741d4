package io.gradwatch.experiments.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NativeBackendTest {

    @Test
    void startsOnTheFastLibraryWithTheThreadsAskedFor() {
        NativeBackend backend = NativeBackend.start(2);

        assertThat(backend.name()).isEqualTo("CpuBackend");
        assertThat(backend.threads()).isEqualTo(2);
        assertThat(Nd4j.getEnvironment().maxThreads()).isEqualTo(2);
        assertThat(backend.library().orElse("onednn: no /proc")).contains("onednn");
        assertThat(backend.warning()).isEmpty();
        assertThat(backend.describe()).startsWith("CpuBackend").endsWith("2 threads");
    }

    @Test
    void findsEachLibraryOnceInTheMemoryMaps() {
        Stream<String> maps = Stream.of(
                "7f00-7f01 r-xp 00000000 08:01 1 /home/a/.javacpp/linux-x86_64/libnd4jcpu.so",
                "7f01-7f02 r--p 00001000 08:01 1 /home/a/.javacpp/linux-x86_64/libnd4jcpu.so",
                "7f02-7f03 r--p 00000000 08:01 2 /usr/lib/libc.so.6",
                "7f03-7f04 rw-p 00000000 00:00 0 [heap]");

        assertThat(NativeBackend.librariesIn(maps)).containsExactly("/home/a/.javacpp/linux-x86_64/libnd4jcpu.so");
    }

    @Test
    void warnsOfALibraryWithoutOneDnn() {
        assertThat(NativeBackend.warningAbout(List.of("/cache/linux-x86_64-onednn-avx2/libnd4jcpu.so")))
                .isEmpty();
        assertThat(NativeBackend.warningAbout(List.of("/cache/linux-x86_64/libnd4jcpu.so"))
                        .orElse(""))
                .contains("/cache/linux-x86_64/libnd4jcpu.so", "no oneDNN", "-onednn-avx2");
    }

    @Test
    void namesTheGpuInPlaceOfThreads() {
        NativeBackend backend = new NativeBackend(
                "JCublasBackend",
                2,
                Optional.empty(),
                Optional.of("Tesla T4 (compute capability 7.5)"),
                Optional.empty());

        assertThat(backend.describe()).isEqualTo("JCublasBackend on Tesla T4 (compute capability 7.5)");
    }

    @Test
    void tellsBackendsOnGpusFromOthersByTheirName() {
        assertThat(NativeBackend.isGpu("org.nd4j.linalg.jcublas.JCublasBackend"))
                .isTrue();
        assertThat(NativeBackend.isGpu("org.nd4j.linalg.cpu.nativecpu.CpuBackend"))
                .isFalse();
        assertThat(NativeBackend.onGpu()).isFalse();
    }

    @Test
    void theFastLayersTakeNoArrayThatLiesOnAGpu() {
        INDArray array = Nd4j.create(2, 3, 3, 4);

        assertThat(OffHeapFloats.accepts(array, NativeBackend.isGpu("org.nd4j.linalg.cpu.nativecpu.CpuBackend")))
                .isTrue();
        assertThat(OffHeapFloats.accepts(array, NativeBackend.isGpu("org.nd4j.linalg.jcublas.JCublasBackend")))
                .isFalse();
    }
}
