package io.gradwatch.experiments.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.experiments.gpu.Machine.Smi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
    @TempDir
    Path folder;

    @Test
    void readsWhatNvidiaSmiPrints() {
        Smi answer = NvidiaSmi.read(
                0,
                "0, GPU-5a1e, NVIDIA A100-SXM4-40GB, 535.104.05, 40960 MiB, 8.0\n"
                        + "1, GPU-77c0, NVIDIA H100 80GB HBM3, 535.104.05, 81559 MiB, 9.0\n");

        assertThat(answer)
                .isEqualTo(new Smi.Answered(List.of(
                        new Gpu(
                                0,
                                "GPU-5a1e",
                                "NVIDIA A100-SXM4-40GB",
                                Optional.of(new ComputeCapability(8, 0)),
                                "535.104.05",
                                "40960 MiB"),
                        new Gpu(
                                1,
                                "GPU-77c0",
                                "NVIDIA H100 80GB HBM3",
                                Optional.of(new ComputeCapability(9, 0)),
                                "535.104.05",
                                "81559 MiB"))));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void asksAnOldDriverOnlyForWhatItKnows() throws IOException {
        Path smi = script("""
                case "$1" in
                  *compute_cap*) echo 'Field "compute_cap" is not a valid field to query.'; exit 2 ;;
                esac
                echo '0, GPU-1, Tesla V100-SXM2-16GB, 470.57.02, 16160 MiB'
                """);

        assertThat(NvidiaSmi.ask(smi.toString()))
                .isEqualTo(new Smi.Answered(List.of(
                        new Gpu(0, "GPU-1", "Tesla V100-SXM2-16GB", Optional.empty(), "470.57.02", "16160 MiB"))));
    }

    @Test
    void knowsThatThereIsNoNvidiaSmi() {
        assertThat(NvidiaSmi.ask(folder.resolve("nvidia-smi").toString())).isEqualTo(new Smi.Absent());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void tellsHowNvidiaSmiFailed() throws IOException {
        assertThat(NvidiaSmi.ask(script("exit 12").toString())).isEqualTo(new Smi.Failed("exit code 12"));
    }

    @Test
    void findsLibrariesInFoldersAndInTheLoadersCache() throws IOException {
        Path known = Files.createDirectory(folder.resolve("known"));
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.createFile(known.resolve("libcublas.so.11"));
        Files.createFile(other.resolve("libcusolver.so.11"));
        NativeLibraries libraries = new NativeLibraries(
                List.of(known), "x\0/opt/lib/libcuda.so.1\0/opt/lib/libcudart.so.12\0", List.of(other));

        assertThat(libraries.has("libcublas.so.11")).isTrue();
        assertThat(libraries.has("libcuda.so.1")).isTrue();
        assertThat(libraries.has("libcudart.so.1")).isFalse();
        assertThat(libraries.has("libcusolver.so.11")).isFalse();
        assertThat(libraries.foldersWith(List.of("libcusolver.so.11"))).containsExactly(other.toString());
        assertThat(libraries.foldersWith(List.of("libcusparse.so.11"))).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void looksWhereTheEnvironmentPoints() throws IOException {
        for (String library : CudaBackend.LIBRARIES) {
            Files.createFile(folder.resolve(library));
        }

        Machine machine = Machine.look(Map.of("LD_LIBRARY_PATH", "/nowhere:" + folder, "CUDA_VISIBLE_DEVICES", "0"));

        assertThat(machine.missingLibraries()).doesNotContainAnyElementsOf(CudaBackend.LIBRARIES);
        assertThat(machine.visibleDevices()).contains("0");
        assertThat(machine.platform()).startsWith("linux-");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void knowsWhatTheLoaderOfThisMachineKnows() {
        // the C library is in every loader's reach
        assertThat(NativeLibraries.ofSystem(Map.of()).has("libc.so.6")).isTrue();
        assertThat(NativeLibraries.ofSystem(Map.of()).has("libgradwatch-is-not-there.so.1"))
                .isFalse();
    }

    private Path script(String body) throws IOException {
        Path file = Files.writeString(folder.resolve("nvidia-smi"), "#!/bin/sh\n" + body);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }
}
