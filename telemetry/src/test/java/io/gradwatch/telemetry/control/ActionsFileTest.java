package io.gradwatch.telemetry.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.contract.v1.Alert.Severity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActionsFileTest {
    private static final Set<String> RULES = Set.of("vanish-floor", "plateau", "explode");

    @TempDir
    Path directory;

    @Test
    void noRuleActsWithoutTheFile() {
        assertThat(ActionsFile.read(directory, RULES)).isEqualTo(ActionPolicy.NONE);
    }

    @Test
    void readsRulesWithAndWithoutASeverityAndDryRuns() throws Exception {
        Files.writeString(
                directory.resolve(ActionsFile.NAME),
                "# what rules do\n\nvanish-floor.critical = stop\nvanish-floor = checkpoint\n"
                        + "plateau = dry-run learning_rate x 0.1\nexplode=pause\n");
        ActionPolicy policy = ActionsFile.read(directory, RULES);

        assertThat(policy.of("vanish-floor", Severity.CRITICAL).orElseThrow().action())
                .isEqualTo(ControlAction.of(ControlAction.Kind.STOP));
        assertThat(policy.of("vanish-floor", Severity.WARNING).orElseThrow().action())
                .isEqualTo(ControlAction.of(ControlAction.Kind.CHECKPOINT));
        assertThat(policy.of("plateau", Severity.INFO).orElseThrow())
                .isEqualTo(new ActionPolicy.Entry(
                        "plateau", java.util.Optional.empty(), ControlAction.learningRateTimes(0.1), true));
        assertThat(policy.of("explode", Severity.CRITICAL).orElseThrow().dryRun())
                .isFalse();
        assertThat(policy.of("nan-inf", Severity.CRITICAL)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vanish-flor = stop | names no rule; accepted are explode, plateau, vanish-floor",
                "plateau.bad = stop | has the severity \"bad\"; accepted are info, warning and critical",
                "plateau = shout | has no action; accepted is pause, resume, stop, checkpoint, learning_rate x FACTOR",
                "plateau = learning_rate x 0 | has no action",
                "plateau = learning_rate | has no action",
                "plateau stop | has no =; accepted is RULE = ACTION"
            })
    void namesTheLineThatIsWrongAndWhatIsAccepted(String line, String message) {
        assertThatThrownBy(() -> ActionsFile.parse("f", List.of("# first", line), RULES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("f, line 2: \"" + line + "\"")
                .hasMessageContaining(message);
    }

    @Test
    void namesAllWrongLinesAtOnceAndASecondOneForTheSame() {
        assertThatThrownBy(() -> ActionsFile.parse("f", List.of("plateau = stop", "plateau = pause", "x = y"), RULES))
                .hasMessageContaining("line 2")
                .hasMessageContaining("a second time")
                .hasMessageContaining("line 3");
    }

    @ParameterizedTest
    @CsvSource({"stop", "pause", "resume", "checkpoint", "learning_rate x 0.1", "learning_rate 0.001"})
    void anActionIsReadAsItIsWritten(String text) {
        assertThat(ControlAction.parse(text).orElseThrow().text()).isEqualTo(text);
        assertThat(ControlAction.parse(text.replace(" x ", " × ")).orElseThrow().text())
                .isEqualTo(text);
    }
}
