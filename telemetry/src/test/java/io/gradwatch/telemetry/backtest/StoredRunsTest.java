package io.gradwatch.telemetry.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.telemetry.rules.RuleEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The standard rules on real runs of this project, see {@code src/test/resources/runs/README.md}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoredRunsTest {
    @TempDir
    static Path scratch;

    private List<RecordedRun> runs = List.of();
    private List<RunVerdict> verdicts = List.of();

    @BeforeAll
    void judge() throws Exception {
        runs = StoredRuns.all(scratch);
        verdicts = runs.stream()
                .map(run -> new Backtest().judge(run, RuleEngine.standard()))
                .toList();
    }

    @Test
    void aVanishingNetworkIsCaughtWithinTwentyIterationsAndItsGuessingWithinThreeEpochs() {
        List<RunVerdict> vanishing = verdicts.stream()
                .filter(run -> run.labels().contains("vanishing"))
                .toList();

        assertThat(vanishing).hasSizeGreaterThanOrEqualTo(3).allSatisfy(run -> {
            assertThat(first(run, "vanish-floor").iteration()).isLessThanOrEqualTo(20);
            assertThat(run.rule("vanish-floor").orElseThrow().worst()).contains(Severity.CRITICAL);
            assertThat(run.rule("vanish-depth").orElseThrow().worst()).contains(Severity.CRITICAL);
            assertThat(first(run, "chance-level").epoch()).isLessThanOrEqualTo(2);
        });
    }

    @Test
    void aHealthyNetworkRaisesNoWarningInThreeHundredIterations() {
        List<RunVerdict> healthy =
                verdicts.stream().filter(RunVerdict::isHealthy).toList();

        assertThat(healthy).hasSizeGreaterThanOrEqualTo(11).allSatisfy(run -> {
            assertThat(run.iterations()).as(run.name()).isGreaterThanOrEqualTo(300);
            assertThat(run.rules())
                    .allSatisfy(rule -> assertThat(rule.worst().filter(s -> s.compareTo(Severity.WARNING) >= 0))
                            .as(run.name() + ": " + rule.rule() + " "
                                    + rule.first().map(step -> step.alert().getMessage()))
                            .isEqualTo(Optional.empty()));
        });
    }

    @Test
    void anExplodingNetworkIsCaught() {
        List<RunVerdict> exploding = verdicts.stream()
                .filter(run -> run.labels().contains("exploding"))
                .toList();

        assertThat(exploding)
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(run -> assertThat(run.rule("explode").orElseThrow().fired()
                                || run.rule("nan-inf").orElseThrow().fired())
                        .as(run.name())
                        .isTrue());
    }

    @Test
    void thePageTellsWhatTheRulesSay() throws Exception {
        assertThat(ConfusionTable.documented())
                .as("docs/alerts.md; ConfusionTable writes it")
                .isEqualTo(ConfusionTable.of(runs));
    }

    private static RuleVerdict.Step first(RunVerdict run, String rule) {
        return run.rule(rule)
                .orElseThrow()
                .first()
                .orElseThrow(() -> new AssertionError(run.name() + ": " + rule + " never fired"));
    }
}
