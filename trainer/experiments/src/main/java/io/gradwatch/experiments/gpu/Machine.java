package io.gradwatch.experiments.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What there is on a machine that a CUDA program needs.
 *
 * @param platform operating system and processor, "linux-x86_64"
 * @param smi what nvidia-smi said
 * @param visibleDevices CUDA_VISIBLE_DEVICES; empty where it is not set, and then all GPUs are visible
 * @param missingLibraries those of {@link CudaBackend} that neither the system nor the class path has
 * @param elsewhere folders that hold missing libraries, but that the system's loader does not look into
 */
public record Machine(
        String platform,
        Smi smi,
        Optional<String> visibleDevices,
        List<String> missingLibraries,
        List<String> elsewhere) {
    public Machine {
        missingLibraries = List.copyOf(missingLibraries);
        elsewhere = List.copyOf(elsewhere);
    }

    /** Answer of nvidia-smi, which comes with the driver. */
    public sealed interface Smi {
        /** There is no such program. */
        record Absent() implements Smi {}

        /** It failed, and said why. */
        record Failed(String message) implements Smi {}

        /** GPUs that the driver sees, possibly none. */
        record Answered(List<Gpu> gpus) implements Smi {
            public Answered {
                gpus = List.copyOf(gpus);
            }
        }
    }

    /** Looks at this machine. Takes as long as nvidia-smi does, usually well below a second, ten at most. */
    public static Machine look(Map<String, String> environment) {
        NativeLibraries libraries = NativeLibraries.ofSystem(environment);
        List<String> missing = new ArrayList<>();
        List<String> all = new ArrayList<>(CudaBackend.LIBRARIES);
        all.add(0, CudaBackend.DRIVER_LIBRARY);
        for (String library : all) {
            if (!CudaBackend.bringsLibrary(library) && !libraries.has(library)) {
                missing.add(library);
            }
        }
        return new Machine(
                NativeLibraries.platform(System.getProperty("os.name"), System.getProperty("os.arch")),
                NvidiaSmi.ask(),
                Optional.ofNullable(environment.get("CUDA_VISIBLE_DEVICES")),
                missing,
                libraries.foldersWith(missing));
    }
}
