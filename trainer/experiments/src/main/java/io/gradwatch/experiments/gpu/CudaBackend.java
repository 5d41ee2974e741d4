package io.gradwatch.experiments.gpu;

import java.util.List;
import java.util.Optional;

/** What the one published CUDA backend of Deeplearning4j 1.0.0-M2.1, nd4j-cuda-11.6, is made for. */
public final class CudaBackend {
    /** Of CUDA. */
    public static final String VERSION = "11.6";

    /**
     * The GPUs that it holds machine code for. It holds no PTX, the code that a driver could translate for newer ones:
     * a GPU runs it only if {@link ComputeCapability#runs} one of these.
     */
    static final List<ComputeCapability> MACHINE_CODE = List.of(
            new ComputeCapability(3, 7),
            new ComputeCapability(5, 0),
            new ComputeCapability(5, 2),
            new ComputeCapability(6, 0),
            new ComputeCapability(6, 1),
            new ComputeCapability(7, 0),
            new ComputeCapability(7, 5),
            new ComputeCapability(8, 0),
            new ComputeCapability(8, 6));

    /** For a person. */
    static final String SUPPORTED =
            "It runs on GPUs of compute capability 3.7 and 5.0 to 8.9: Tesla K80, Maxwell, Pascal"
                    + " (GTX 10), Volta (V100), Turing (T4, RTX 20), Ampere (A100, A10, RTX 30), Ada (L4, L40, RTX 40)";

    /** What its libraries are linked against, each with the package of NVIDIA's that holds it. */
    static final List<String> LIBRARIES = List.of(
            "libcudart.so.11.0",
            "libcublas.so.11",
            "libcublasLt.so.11",
            "libcusolver.so.11",
            "libcusolverMg.so.11",
            "libcusparse.so.11");

    /** Part of the driver. */
    static final String DRIVER_LIBRARY = "libcuda.so.1";

    /** Major number of the oldest driver that runs programs made with CUDA 11. */
    static final int OLDEST_DRIVER = 450;

    private static final String CLASS = "org/nd4j/linalg/jcublas/JCublasBackend.class";
    private static final String LIBRARIES_ON_CLASS_PATH = "org/bytedeco/cuda/linux-x86_64/";

    private CudaBackend() {}

    /** Whether this process has been started with it. Loads nothing. */
    public static boolean isOnClassPath() {
        return CudaBackend.class.getClassLoader().getResource(CLASS) != null;
    }

    /** Whether NVIDIA's libraries come with the class path. */
    static boolean bringsLibrary(String library) {
        return CudaBackend.class.getClassLoader().getResource(LIBRARIES_ON_CLASS_PATH + library) != null;
    }

    /** Why it cannot run on a GPU; empty if it can. */
    static Optional<String> reasonAgainst(ComputeCapability capability) {
        if (MACHINE_CODE.stream().anyMatch(capability::runs)) {
            return Optional.empty();
        }
        if (capability.compareTo(MACHINE_CODE.get(0)) < 0) {
            return Optional.of("compute capability " + capability + " is too old: the oldest is 3.7");
        }
        if (capability.compareTo(new ComputeCapability(9, 0)) >= 0) {
            return Optional.of("compute capability " + capability + " (" + generation(capability)
                    + ") is newer than CUDA " + VERSION
                    + ": the backend has no machine code for it, and no PTX that the driver could translate");
        }
        return Optional.of("the backend has no machine code for compute capability " + capability);
    }

    private static String generation(ComputeCapability capability) {
        return capability.major() == 9 ? "Hopper" : "Blackwell or newer";
    }
}
