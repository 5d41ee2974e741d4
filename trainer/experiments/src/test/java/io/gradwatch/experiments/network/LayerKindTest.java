package io.gradwatch.experiments.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LayerKindTest {
    @ParameterizedTest
    @EnumSource
    void isWhatWasAskedForWhereArraysLieInTheMachinesMemory(LayerKind kind) {
        assertThat(kind.where(false)).isEqualTo(kind);
    }

    @ParameterizedTest
    @EnumSource
    void isDeeplearning4jsOwnWhereArraysLieOnAGpu(LayerKind kind) {
        assertThat(kind.where(true)).isEqualTo(LayerKind.STOCK);
    }

    @Test
    void hasNamesForPeople() {
        assertThat(LayerKind.FAST.describe()).isEqualTo("Gradwatch's layers");
        assertThat(LayerKind.STOCK.describe()).isEqualTo("Deeplearning4j's layers");
    }
}
