package io.gradwatch.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.RunIds;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RunNamesTest {
    @Test
    void tellsStartAndPreset() {
        RandomGenerator random = () -> 0x4f2aL << 48;

        String id = RunNames.newId(Instant.parse("2026-11-23T16:05:12.9Z"), "vgg38-bn-resnet", random);

        assertThat(id).matches("20261123-160512-vgg38-bn-resnet-[0-9a-f]{4}");
        assertThat(RunIds.isValid(id)).isTrue();
    }

    @Test
    void tellsRunsOfTheSameSecondApart() {
        Instant now = Instant.EPOCH;

        assertThat(RunNames.newId(now, "vgg08", () -> 0x1111111111111111L))
                .isNotEqualTo(RunNames.newId(now, "vgg08", () -> 0x2222222222222222L));
    }
}
