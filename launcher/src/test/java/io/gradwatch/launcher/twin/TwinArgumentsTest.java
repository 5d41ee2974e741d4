package io.gradwatch.launcher.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TwinArgumentsTest {
    @Test
    void areTheOptionsEachWithItsValueAsOneArgument() {
        assertThat(TwinArguments.of(
                        "vgg38-bn-resnet", Map.of("lr", "0.001", "bn", "before", "name", "--no-checkpoints")))
                .containsExactly("--bn=before", "--lr=0.001", "--name=--no-checkpoints");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "data-dir", "resume", "no-checkpoints", "", "lr=1 --kafka"})
    void refuseWhatDoesNotSayWhatIsTrained(String option) {
        assertThatThrownBy(() -> TwinArguments.of("vgg38", Map.of(option, "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the option --" + option + " is not accepted from the dashboard");
    }

    @Test
    void refuseAPresetThatIsNoneAndControlCharacters() {
        assertThatThrownBy(() -> TwinArguments.of("--help", Map.of())).hasMessageContaining("is no preset");
        assertThatThrownBy(() -> TwinArguments.of("vgg38", Map.of("name", "a\nb")))
                .hasMessageContaining("--name");
    }
}
