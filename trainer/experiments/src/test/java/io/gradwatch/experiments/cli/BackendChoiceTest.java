package io.gradwatch.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.experiments.gpu.ComputeCapability;
import io.gradwatch.experiments.gpu.Gpu;
import io.gradwatch.experiments.gpu.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BackendChoiceTest {
    private static final Verdict USABLE = new Verdict.Usable(
            new Gpu(0, "GPU-1", "Tesla T4", Optional.of(new ComputeCapability(7, 5)), "535.1", "15360 MiB"), List.of());
    private static final Verdict UNUSABLE = new Verdict.Unusable("there is no GPU");

    @Test
    void theCpuIsTheDefaultAndLooksAtNothing() {
        assertThat(problems(null, Map.of(), false, null)).isEmpty();
        assertThat(problems("cpu", Map.of("GRADWATCH_BACKEND", "cuda"), false, null))
                .isEmpty();
    }

    @Test
    void namesWhatIsAccepted() {
        assertThat(problems("gpu", Map.of(), false, null))
                .containsExactly("--backend \"gpu\": accepted are cpu and cuda");
        assertThat(problems(null, Map.of("GRADWATCH_BACKEND", "tpu"), false, null))
                .containsExactly("GRADWATCH_BACKEND \"tpu\": accepted are cpu and cuda");
    }

    @Test
    void aMachineThatCannotRunItIsToldSoWhetherItIsBuiltOrNot() {
        assertThat(problems("cuda", Map.of(), false, UNUSABLE)).containsExactly("there is no GPU");
        assertThat(problems("cuda", Map.of(), true, UNUSABLE)).containsExactly("there is no GPU");
        assertThat(problems(null, Map.of(), true, UNUSABLE)).containsExactly("there is no GPU");
    }

    @Test
    void saysWhatToBuildOnAMachineThatCouldRunIt() {
        assertThat(problems(null, Map.of("GRADWATCH_BACKEND", "cuda"), false, USABLE))
                .singleElement()
                .asString()
                .contains("the CUDA backend is not built")
                .contains("Tesla T4 (compute capability 7.5")
                .contains("`./mvnw -Pcuda -DskipTests package`");
    }

    @Test
    void acceptsABackendThatIsThereAndCanRun() {
        assertThat(problems("cuda", Map.of(), true, USABLE)).isEmpty();
    }

    @Test
    void doesNotRunOnAGpuWhatWasMeantForTheCpu() {
        assertThat(problems("cpu", Map.of(), true, null))
                .singleElement()
                .asString()
                .contains("target/lib");
    }

    private static List<String> problems(
            @Nullable String option, Map<String, String> environment, boolean built, @Nullable Verdict verdict) {
        Problems problems = new Problems();
        BackendChoice.check(
                option,
                environment,
                built,
                () -> {
                    if (verdict == null) {
                        throw new AssertionError("looked at the machine");
                    }
                    return verdict;
                },
                problems);
        try {
            problems.throwIfAny();
            return List.of();
        } catch (UsageException e) {
            return e.problems();
        }
    }
}
