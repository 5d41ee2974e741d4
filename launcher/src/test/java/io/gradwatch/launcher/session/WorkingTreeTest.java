package io.gradwatch.launcher.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.launcher.process.JavaProgram;
import io.gradwatch.launcher.terminal.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkingTreeTest {
    @TempDir
    Path root;

    private Path target = Path.of("");

    @BeforeEach
    void build() throws IOException {
        target = root.resolve("trainer/experiments/target");
        for (String library : List.of(
                "nd4j-api-1.0.0-M2.1.jar",
                "nd4j-native-1.0.0-M2.1-linux-x86_64-onednn-avx2.jar",
                "nd4j-native-1.0.0-M2.1.jar",
                "nd4j-native-api-1.0.0-M2.1.jar",
                "nd4j-native-preset-1.0.0-M2.1.jar",
                "openblas-0.3.19-1.5.7.jar")) {
            make("lib/" + library);
        }
        make("gradwatch-experiments-0.1.0-SNAPSHOT.jar");
    }

    @Test
    void theCpuTrainerHasTheLibrariesOfTheBuild() throws IOException {
        make("lib-cuda/nd4j-cuda-11.6-1.0.0-M2.1.jar");

        assertThat(names(Compute.CPU)).hasSize(7).noneMatch(name -> name.contains("cuda"));
    }

    @Test
    void theCudaTrainerHasThoseOfCudaInPlaceOfTheCpus() throws IOException {
        make("lib-cuda/cuda-11.6-8.3-1.5.7.jar");
        make("lib-cuda/nd4j-cuda-11.6-1.0.0-M2.1.jar");

        assertThat(names(Compute.CUDA))
                .containsExactly(
                        "nd4j-api-1.0.0-M2.1.jar",
                        "nd4j-native-api-1.0.0-M2.1.jar",
                        "gradwatch-experiments-0.1.0-SNAPSHOT.jar",
                        "cuda-11.6-8.3-1.5.7.jar",
                        "nd4j-cuda-11.6-1.0.0-M2.1.jar");
    }

    @Test
    void whereCudaIsNotBuiltTheCpuTrainerSaysWhatIsMissing() {
        assertThat(names(Compute.CUDA)).isEqualTo(names(Compute.CPU));
    }

    @Test
    void saysHowToBuildWhatIsNotBuilt() throws IOException {
        Files.delete(target.resolve("gradwatch-experiments-0.1.0-SNAPSHOT.jar"));

        assertThatThrownBy(() -> names(Compute.CUDA))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("is not built");
    }

    private List<String> names(Compute compute) {
        JavaProgram trainer = Installation.inWorkingTree(root).trainer(compute);
        return trainer.classPath().stream()
                .map(path -> path.getFileName().toString())
                .toList();
    }

    private void make(String jar) throws IOException {
        Path file = target.resolve(jar);
        Files.createDirectories(file.getParent());
        Files.createFile(file);
    }
}
