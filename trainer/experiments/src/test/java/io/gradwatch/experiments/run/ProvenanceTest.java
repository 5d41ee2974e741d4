package io.gradwatch.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProvenanceTest {
    @Test
    void namesEveryVersionThatDecidesAboutFigures() {
        assertThat(Provenance.versions())
                .containsOnlyKeys("java", "gradwatch", "deeplearning4j", "nd4j", "backend", "os", "cpu", "threads")
                .containsEntry("deeplearning4j", "1.0.0-M2.1")
                .containsEntry("nd4j", "1.0.0-M2.1")
                .containsEntry("backend", "CpuBackend")
                .doesNotContainValue("unknown");
    }
}
