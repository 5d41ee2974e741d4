package io.gradwatch.experiments.gpu;

import io.gradwatch.experiments.gpu.Machine.Smi;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Decides from the facts of a machine whether the CUDA backend can run on it. */
public final class CudaCheck {
    private static final String ON_CPU = "train on the CPU: leave out --backend cuda (and GRADWATCH_BACKEND=cuda)";
    private static final String PLATFORM = "linux-x86_64";

    private CudaCheck() {}

    /** The verdict on this machine, which is looked at once. */
    public static Verdict ofThisMachine() {
        return ThisMachine.VERDICT;
    }

    private static final class ThisMachine {
        private static final Verdict VERDICT = judge(Machine.look(System.getenv()));
    }

    /** The machine's verdict: of several reasons against it, the one to see to first. */
    public static Verdict judge(Machine machine) {
        if (!machine.platform().equals(PLATFORM)) {
            return unusable(
                    "it is built for " + PLATFORM + ", this is " + machine.platform(), List.of(), List.of(ON_CPU));
        }
        Smi smi = machine.smi();
        if (smi instanceof Smi.Absent) {
            return unusable(
                    "this machine has no NVIDIA driver: there is no nvidia-smi on the PATH",
                    List.of(),
                    List.of(
                            ON_CPU,
                            "on a machine with a suitable GPU, install its driver; in a container, start it with the"
                                    + " NVIDIA runtime (docker run --gpus all)"));
        }
        if (smi instanceof Smi.Failed failed) {
            return unusable(
                    "nvidia-smi failed: " + failed.message(),
                    List.of(),
                    List.of(ON_CPU, "repair the driver until nvidia-smi lists the GPU"));
        }
        return judge(machine, ((Smi.Answered) smi).gpus());
    }

    private static Verdict judge(Machine machine, List<Gpu> installed) {
        if (installed.isEmpty()) {
            return unusable(
                    "the NVIDIA driver sees no GPU",
                    List.of(),
                    List.of(ON_CPU, "in a container, start it with the NVIDIA runtime (docker run --gpus all)"));
        }
        List<Gpu> visible = VisibleDevices.of(machine.visibleDevices(), installed);
        if (visible.isEmpty()) {
            return unusable(
                    "CUDA_VISIBLE_DEVICES is \"" + machine.visibleDevices().orElse("") + "\", which hides every GPU",
                    describe(installed),
                    List.of(ON_CPU, "set CUDA_VISIBLE_DEVICES to the number of a GPU, or not at all"));
        }
        List<Gpu> fit = visible.stream().filter(CudaCheck::fits).toList();
        if (fit.isEmpty()) {
            Optional<Gpu> hidden = installed.stream().filter(CudaCheck::fits).findFirst();
            return unusable(
                    "none of the GPUs fits",
                    describe(visible),
                    Stream.concat(hidden.map(CudaCheck::choose).stream(), Stream.of(ON_CPU))
                            .toList());
        }
        if (fit.size() < visible.size()) {
            // ND4J starts all visible devices, and fails on the first one that it cannot run on
            return unusable(
                    "one of the GPUs does not fit, and all that are visible are used",
                    describe(visible),
                    List.of(choose(fit.get(0)), ON_CPU));
        }
        if (!machine.missingLibraries().isEmpty()) {
            return missing(machine, visible);
        }
        return new Verdict.Usable(fit.get(0), notes(fit));
    }

    private static boolean fits(Gpu gpu) {
        return reasonAgainst(gpu).isEmpty();
    }

    private static Optional<String> reasonAgainst(Gpu gpu) {
        Optional<String> capability = gpu.capability().flatMap(CudaBackend::reasonAgainst);
        if (capability.isPresent()) {
            return capability;
        }
        String major = gpu.driver().replaceFirst("\\..*", "");
        return major.matches("\\d{1,6}") && Integer.parseInt(major) < CudaBackend.OLDEST_DRIVER
                ? Optional.of("its driver " + gpu.driver() + " is too old: CUDA 11 needs " + CudaBackend.OLDEST_DRIVER
                        + " or newer")
                : Optional.empty();
    }

    private static List<String> describe(List<Gpu> gpus) {
        return gpus.stream()
                .map(gpu -> "GPU " + gpu.index() + ", " + gpu.describe() + ": "
                        + reasonAgainst(gpu).orElse("fits"))
                .toList();
    }

    private static String choose(Gpu gpu) {
        return "use only GPU " + gpu.index() + ": CUDA_VISIBLE_DEVICES=" + gpu.uuid();
    }

    private static List<String> notes(List<Gpu> fit) {
        List<String> notes = new ArrayList<>();
        if (fit.size() > 1) {
            notes.add(fit.size() + " GPUs fit; a run uses one. CUDA_VISIBLE_DEVICES chooses it");
        }
        if (fit.get(0).capability().isEmpty()) {
            notes.add("The driver " + fit.get(0).driver() + " does not tell the GPU's compute capability. "
                    + CudaBackend.SUPPORTED);
        }
        return notes;
    }

    private static Verdict missing(Machine machine, List<Gpu> gpus) {
        List<String> remedies = new ArrayList<>();
        if (machine.missingLibraries().contains(CudaBackend.DRIVER_LIBRARY)) {
            remedies.add(CudaBackend.DRIVER_LIBRARY + " is part of the driver: install the driver completely; in a"
                    + " container, set NVIDIA_DRIVER_CAPABILITIES=compute,utility");
        }
        if (!machine.elsewhere().isEmpty()) {
            remedies.add(
                    "let the loader look where they are: LD_LIBRARY_PATH=" + String.join(":", machine.elsewhere()));
        }
        if (machine.missingLibraries().stream().anyMatch(l -> !l.equals(CudaBackend.DRIVER_LIBRARY))) {
            remedies.add("install CUDA " + CudaBackend.VERSION
                    + " (https://developer.nvidia.com/cuda-11-6-2-download-archive;"
                    + " another version's libraries have other names)");
            remedies.add("or let Maven bring its libraries, 1.8 GB: ./mvnw -Pcuda,cuda-redist -DskipTests package");
        }
        remedies.add(ON_CPU);
        return unusable(
                "libraries are missing: " + String.join(", ", machine.missingLibraries()), describe(gpus), remedies);
    }

    private static Verdict unusable(String reason, List<String> details, List<String> remedies) {
        StringBuilder message = new StringBuilder("the CUDA backend cannot run here: ")
                .append(reason)
                .append('.');
        details.forEach(line -> message.append("\n  ").append(line));
        message.append("\n").append(CudaBackend.SUPPORTED).append(".\nWhat can be done:");
        remedies.forEach(line -> message.append("\n  - ").append(line));
        return new Verdict.Unusable(message.toString());
    }
}
