package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.gpu.CudaBackend;
import io.gradwatch.experiments.gpu.CudaCheck;
import io.gradwatch.experiments.gpu.Gpu;
import io.gradwatch.experiments.gpu.Verdict;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether ND4J computes on the CPU or on a GPU. The class path decides, and was put together by whoever started this
 * process: this checks that it is what the user wants, and that the machine can run it, before ND4J is loaded.
 */
final class BackendChoice {
    private static final String VARIABLE = "GRADWATCH_BACKEND";
    private static final String CPU = "cpu";
    private static final String CUDA = "cuda";
    private static final String BUILD = "./mvnw -Pcuda -DskipTests package";

    private BackendChoice() {}

    /** Adds what is wrong with the choice. */
    static void check(@Nullable String option, Map<String, String> environment, Problems problems) {
        check(option, environment, CudaBackend.isOnClassPath(), CudaCheck::ofThisMachine, problems);
    }

    static void check(
            @Nullable String option,
            Map<String, String> environment,
            boolean cudaOnClassPath,
            Supplier<Verdict> machine,
            Problems problems) {
        String where = option == null ? VARIABLE : "--backend";
        String wanted = option == null ? environment.getOrDefault(VARIABLE, cudaOnClassPath ? CUDA : CPU) : option;
        if (wanted.equals(CPU)) {
            if (cudaOnClassPath) {
                problems.add(where + " cpu: this class path has the CUDA backend; take the one in target/lib");
            }
        } else if (wanted.equals(CUDA)) {
            Verdict verdict = machine.get();
            if (verdict instanceof Verdict.Unusable unusable) {
                problems.add(unusable.message());
            } else if (verdict instanceof Verdict.Usable usable && !cudaOnClassPath) {
                problems.add(notBuilt(usable.gpu()));
            }
        } else {
            problems.add(where + " \"" + wanted + "\": accepted are cpu and cuda");
        }
    }

    private static String notBuilt(Gpu gpu) {
        return "the CUDA backend is not built. This machine can run it, on " + gpu.describe() + ". Build it with `"
                + BUILD + "` (downloads 0.6 GB) in Gradwatch's top folder";
    }
}
