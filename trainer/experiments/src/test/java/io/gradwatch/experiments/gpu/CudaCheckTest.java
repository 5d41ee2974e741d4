package io.gradwatch.experiments.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.experiments.gpu.Machine.Smi;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudaCheckTest {
    private static final List<String> NOTHING_MISSING = List.of();

    @ParameterizedTest
    @CsvSource({
        "Tesla K80, 3.7",
        "Tesla M40, 5.2",
        "NVIDIA GeForce GTX 1080, 6.1",
        "Tesla V100-SXM2-16GB, 7.0",
        "Tesla T4, 7.5",
        "NVIDIA A100-SXM4-40GB, 8.0",
        "NVIDIA A10, 8.6",
        "Jetson AGX Orin, 8.7",
        "NVIDIA L4, 8.9"
    })
    void takesWhatItHasMachineCodeFor(String name, String capability) {
        Verdict verdict = CudaCheck.judge(with(gpu(0, name, capability)));

        assertThat(verdict).isEqualTo(new Verdict.Usable(gpu(0, name, capability), List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "NVIDIA H100 80GB HBM3, 9.0, 'compute capability 9.0 (Hopper) is newer than CUDA 11.6'",
        "NVIDIA H100 80GB HBM3, 9.0, no PTX",
        "NVIDIA B200, 10.0, 10.0 (Blackwell or newer)",
        "NVIDIA GeForce RTX 5090, 12.0, 12.0 (Blackwell or newer)",
        "Tesla K40, 3.5, 3.5 is too old: the oldest is 3.7",
        "Tegra X1, 4.9, no machine code for compute capability 4.9"
    })
    void refusesWhatItHasNoneForAndSaysWhy(String name, String capability, String why) {
        assertThat(refusal(with(gpu(0, name, capability))))
                .contains("none of the GPUs fits")
                .contains("GPU 0, " + name + " (compute capability " + capability + ", driver 535.104.05, 81559 MiB)")
                .contains(why)
                .contains("It runs on GPUs of compute capability 3.7 and 5.0 to 8.9")
                .contains("train on the CPU: leave out --backend cuda");
    }

    @Test
    void tellsOfAMachineWithoutADriver() {
        assertThat(refusal(machine(new Smi.Absent(), Optional.empty(), CudaBackend.LIBRARIES)))
                .contains("no NVIDIA driver: there is no nvidia-smi on the PATH")
                .contains("train on the CPU")
                .contains("docker run --gpus all");
    }

    @Test
    void tellsOfADriverWithoutAGpu() {
        assertThat(refusal(machine(NvidiaSmi.read(6, "No devices were found\n"), Optional.empty(), NOTHING_MISSING)))
                .contains("the NVIDIA driver sees no GPU");
    }

    @Test
    void repeatsWhatABrokenDriverSays() {
        Smi broken = NvidiaSmi.read(
                9,
                "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\nMake sure that it runs.\n");

        assertThat(refusal(machine(broken, Optional.empty(), NOTHING_MISSING)))
                .contains(
                        "nvidia-smi failed: NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver."
                                + " Make sure that it runs.");
    }

    @Test
    void ofSeveralGpusOfWhichOneFitsItSaysHowToChooseIt() {
        Gpu hopper = gpu(0, "NVIDIA H100 PCIe", "9.0");
        Gpu ampere = gpu(1, "NVIDIA A100-PCIE-40GB", "8.0");

        assertThat(refusal(with(hopper, ampere)))
                .contains("GPU 0, NVIDIA H100 PCIe")
                .contains("GPU 1, NVIDIA A100-PCIE-40GB (compute capability 8.0, driver 535.104.05, 81559 MiB): fits")
                .contains("use only GPU 1: CUDA_VISIBLE_DEVICES=" + ampere.uuid());
        for (String choice : List.of("1", ampere.uuid(), "GPU-0001", " 1 ", "1,7,0")) {
            assertThat(CudaCheck.judge(
                            machine(new Smi.Answered(List.of(hopper, ampere)), Optional.of(choice), NOTHING_MISSING)))
                    .as(choice)
                    .isEqualTo(new Verdict.Usable(ampere, List.of()));
        }
        assertThat(refusal(machine(new Smi.Answered(List.of(hopper, ampere)), Optional.of("0"), NOTHING_MISSING)))
                .contains("none of the GPUs fits")
                .contains("use only GPU 1: CUDA_VISIBLE_DEVICES=" + ampere.uuid());
    }

    @Test
    void tellsWhenTheEnvironmentHidesEveryGpu() {
        Smi one = new Smi.Answered(List.of(gpu(0, "Tesla T4", "7.5")));

        for (String nothing : List.of("", "-1", "5")) {
            assertThat(refusal(machine(one, Optional.of(nothing), NOTHING_MISSING)))
                    .contains("CUDA_VISIBLE_DEVICES is \"" + nothing + "\", which hides every GPU")
                    .contains("Tesla T4");
        }
    }

    @Test
    void usesOneOfSeveralThatFit() {
        Gpu first = gpu(0, "Tesla T4", "7.5");

        assertThat(CudaCheck.judge(with(first, gpu(1, "Tesla T4", "7.5"))))
                .isInstanceOfSatisfying(Verdict.Usable.class, usable -> {
                    assertThat(usable.gpu()).isEqualTo(first);
                    assertThat(usable.notes()).singleElement().asString().contains("2 GPUs fit");
                });
    }

    @Test
    void namesTheLibrariesThatAreMissingAndWhereTheyAre() {
        Machine machine = new Machine(
                "linux-x86_64",
                new Smi.Answered(List.of(gpu(0, "Tesla T4", "7.5"))),
                Optional.empty(),
                List.of("libcublas.so.11", "libcublasLt.so.11"),
                List.of("/usr/local/cuda-11.8/lib64"));

        assertThat(refusal(machine))
                .contains("libraries are missing: libcublas.so.11, libcublasLt.so.11")
                .contains("LD_LIBRARY_PATH=/usr/local/cuda-11.8/lib64")
                .contains("install CUDA 11.6")
                .contains("./mvnw -Pcuda,cuda-redist -DskipTests package")
                .doesNotContain("part of the driver");
    }

    @Test
    void tellsOfADriverThatIsNotThereCompletely() {
        Smi one = new Smi.Answered(List.of(gpu(0, "Tesla T4", "7.5")));

        assertThat(refusal(machine(one, Optional.empty(), List.of("libcuda.so.1"))))
                .contains("libcuda.so.1 is part of the driver")
                .doesNotContain("install CUDA");
    }

    @Test
    void refusesADriverFromBeforeCuda11() {
        Gpu gpu = new Gpu(0, "GPU-0", "Tesla V100", Optional.empty(), "418.226.00", "16160 MiB");

        assertThat(refusal(with(gpu))).contains("its driver 418.226.00 is too old: CUDA 11 needs 450 or newer");
    }

    @Test
    void triesAGpuWhoseDriverDoesNotTellItsCapability() {
        Gpu gpu = new Gpu(0, "GPU-0", "Tesla V100", Optional.empty(), "470.57.02", "16160 MiB");

        assertThat(CudaCheck.judge(with(gpu)))
                .isInstanceOfSatisfying(
                        Verdict.Usable.class,
                        usable -> assertThat(usable.notes())
                                .singleElement()
                                .asString()
                                .contains("does not tell the GPU's compute capability"));
    }

    @Test
    void refusesOtherPlatforms() {
        Machine mac = new Machine(
                NativeLibraries.platform("Mac OS X", "aarch64"),
                new Smi.Absent(),
                Optional.empty(),
                List.of(),
                List.of());

        assertThat(refusal(mac)).contains("it is built for linux-x86_64, this is macosx-arm64");
    }

    private static String refusal(Machine machine) {
        Verdict verdict = CudaCheck.judge(machine);
        assertThat(verdict).isInstanceOf(Verdict.Unusable.class);
        return ((Verdict.Unusable) verdict).message();
    }

    private static Machine with(Gpu... gpus) {
        return machine(new Smi.Answered(List.of(gpus)), Optional.empty(), NOTHING_MISSING);
    }

    private static Machine machine(Smi smi, Optional<String> visible, List<String> missing) {
        return new Machine("linux-x86_64", smi, visible, missing, List.of());
    }

    private static Gpu gpu(int index, String name, String capability) {
        return new Gpu(
                index,
                "GPU-000" + index + "-aaaa",
                name,
                ComputeCapability.parse(capability),
                "535.104.05",
                "81559 MiB");
    }
}
