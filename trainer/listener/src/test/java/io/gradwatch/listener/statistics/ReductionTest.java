package io.gradwatch.listener.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReductionTest {
    private static final String CPU = "org.nd4j.linalg.cpu.nativecpu.CpuBackend";
    private static final String CUDA = "org.nd4j.linalg.jcublas.JCublasBackend";

    @Test
    void isWhereTheArraysAre() {
        assertThat(Reduction.of(null, CPU)).isEqualTo(Reduction.HOST);
        assertThat(Reduction.of(null, CUDA)).isEqualTo(Reduction.DEVICE);
    }

    @Test
    void isElsewhereWhenSomeoneWantsToCompare() {
        assertThat(Reduction.of("device", CPU)).isEqualTo(Reduction.DEVICE);
        assertThat(Reduction.of("host", CUDA)).isEqualTo(Reduction.HOST);
    }
}
