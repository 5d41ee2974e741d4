package io.gradwatch.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.experiments.layers.NativeBackend;
import org.junit.jupiter.api.Test;

class ProvenanceTest {
    @Test
    void namesEveryVersionThatDecidesAboutFigures() {
        assertThat(Provenance.versions(NativeBackend.start(2)))
                .containsOnlyKeys("java", "gradwatch", "deeplearning4j", "nd4j", "backend", "os", "cpu")
                .containsEntry("deeplearning4j", "1.0.0-M2.1")
                .containsEntry("nd4j", "1.0.0-M2.1")
                .containsEntry("backend", "CpuBackend with oneDNN, 2 threads")
                .doesNotContainValue("unknown");
    }
}
