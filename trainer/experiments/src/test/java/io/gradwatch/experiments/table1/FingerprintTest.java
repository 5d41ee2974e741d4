package io.gradwatch.experiments.table1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class FingerprintTest {
    private static final Map<String, String> OPTIONS = Map.of("lr", "0.1", "batch", "100", "seed", "5");

    @Test
    void doesNotDependOnSeedOrOrder() {
        assertThat(Fingerprint.of(OPTIONS, "cifar-100", "ab"))
                .isEqualTo(Fingerprint.of(Map.of("seed", "6", "batch", "100", "lr", "0.1"), "cifar-100", "ab"))
                .matches("[0-9a-f]{16}");
    }

    @Test
    void changesWithEveryOtherSettingAndWithTheImages() {
        String base = Fingerprint.of(OPTIONS, "cifar-100", "ab");

        assertThat(Fingerprint.of(Map.of("lr", "0.01", "batch", "100"), "cifar-100", "ab"))
                .isNotEqualTo(base);
        assertThat(Fingerprint.of(Map.of("lr", "0.1"), "cifar-100", "ab")).isNotEqualTo(base);
        assertThat(Fingerprint.of(OPTIONS, "synthetic", "ab")).isNotEqualTo(base);
        assertThat(Fingerprint.of(OPTIONS, "cifar-100", "ac")).isNotEqualTo(base);
    }
}
