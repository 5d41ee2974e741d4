package io.gradwatch.telemetry.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.backtest.Difference.Kind;
import io.gradwatch.telemetry.rules.RuleEngine;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.gradwatch.telemetry.stream.RunDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

class BacktestTest {
    private static final int EPOCH = 100;

    @Test
    void tellsWhereARuleFiredFirstAndHowBadItBecame() {
        RunVerdict run = new Backtest().judge(vanishing("a", Set.of(), 150), RuleEngine.standard());

        RuleVerdict floor = run.rule("vanish-floor").orElseThrow();
        RuleVerdict.Step first = floor.first().orElseThrow();
        assertThat(first.iteration()).isEqualTo(19);
        assertThat(first.epoch()).isZero();
        assertThat(floor.worst()).contains(Severity.CRITICAL);
        assertThat(floor.firings()).hasSize(1);
        assertThat(run.iterations()).isEqualTo(150);
        assertThat(run.rule("nan-inf").orElseThrow().fired()).isFalse();
    }

    @Test
    void scoresRulesByTheLabelsThatTheyAreMeantToCatch() {
        BacktestReport report = report(
                List.of(
                        vanishing("caught", Set.of("vanishing"), 300),
                        healthy("missed", Set.of("vanishing")),
                        vanishing("false alarm", Set.of("healthy"), 300),
                        healthy("quiet", Set.of("healthy")),
                        vanishing("beside", Set.of("plateau"), 300),
                        vanishing("nobody has said", Set.of(), 300)),
                RuleEngine.standard());

        Score floor = score(report, "vanish-floor");
        assertThat(List.of(floor.caught(), floor.missed(), floor.falseAlarms(), floor.quiet(), floor.beside()))
                .containsExactly(1, 1, 1, 1, 1);
        assertThat(floor.precision()).hasValue(0.5);
        assertThat(floor.recall()).hasValue(0.5);
        Score overfit = score(report, "overfit");
        assertThat(overfit.recall()).isEmpty();
        assertThat(overfit.precision()).isEmpty();
    }

    @Test
    void measuresTheLeadToTheEndOfTheSecondEpochAtChance() {
        Score floor =
                score(report(List.of(vanishing("a", Set.of("vanishing"), 300)), RuleEngine.standard()), "vanish-floor");

        assertThat(floor.medianLead()).contains(new Evident.Lead(2 * EPOCH - 1 - 19, false));
    }

    @Test
    void saysThatALeadIsAtLeastSoLongWhereTheRunEndedBefore() {
        Score floor =
                score(report(List.of(vanishing("a", Set.of("vanishing"), 120)), RuleEngine.standard()), "vanish-floor");

        assertThat(floor.leastLead()).contains(new Evident.Lead(119 - 19, true));
    }

    @Test
    void findsWhenALossWasPlainlyNotANumberOrTooLarge() {
        Recorded nan = new Recorded(
                "nan",
                Set.of("nan"),
                60,
                i -> Iteration.newBuilder().setLoss(i < 40 ? i == 30 ? 12 : 4.6f : Float.NaN));
        Evident evident = new Backtest().judge(nan, RuleEngine.standard()).evident();

        assertThat(evident.nonFinite()).hasValue(40);
        assertThat(evident.large()).hasValue(30);
        assertThat(evident.at(List.of("nan"))).hasValue(40);
        assertThat(evident.at(List.of("nan", "exploding"))).hasValue(30);
        assertThat(evident.at(List.of("overfit"))).isEmpty();
    }

    @Test
    void tellsWhatIsDifferentFromTodaysRules() {
        List<Recorded> runs = List.of(vanishing("a", Set.of(), 150));

        RuleEngine later = RuleSource.changed(Map.of("vanish-floor", Map.of("for_iterations", 60.0)))
                .engine();
        assertThat(report(runs, later).differences()).singleElement().satisfies(d -> {
            assertThat(d.kind()).isEqualTo(Kind.MOVED);
            assertThat(d.by()).isEqualTo(40);
        });
        RuleEngine never = RuleSource.changed(Map.of("vanish-floor", Map.of("warm_up_iterations", 1e6)))
                .engine();
        assertThat(report(runs, never).differences().stream().map(d -> d.kind() + " " + d.rule()))
                .containsExactly("GONE vanish-floor", "GONE chance-level"); // vanishing made it quick
        RuleEngine eager =
                RuleSource.changed(Map.of("update-ratio", Map.of("least", 1.0))).engine();
        assertThat(report(runs, eager).differences()).isEmpty(); // vanishing explains it
        assertThat(report(List.of(healthy("b", Set.of())), eager).differences())
                .extracting(Difference::kind)
                .containsExactly(Kind.NEW);
        assertThat(report(runs, RuleEngine.standard()).compared()).isFalse();
        assertThat(report(runs, RuleSource.peers().engine()).compared()).isFalse();
    }

    @Test
    void refusesParametersThatARuleDoesNotHave() {
        assertThatThrownBy(() -> RuleSource.changed(Map.of("vanish-flor", Map.of("x", 1.0)))
                        .engine())
                .hasMessageContaining("vanish-flor")
                .hasMessageContaining("vanish-floor, vanish-depth");
        assertThatThrownBy(() -> RuleSource.changed(Map.of("explode", Map.of("median", 1.0)))
                        .engine())
                .hasMessage(
                        "explode: median is no parameter that can be changed; accepted are baseline_after_iterations,"
                                + " clear_decades, for_epochs, for_iterations, for_seconds, keep_epochs, keep_iterations,"
                                + " keep_seconds, median_log10, norm, rise_decades, rise_norm, step_ratio, warm_up_iterations");
        assertThatThrownBy(() -> RuleSource.changed(Map.of("explode", Map.of("warm_up_iterations", 1.5)))
                        .engine())
                .hasMessageContaining("whole numbers");
        assertThatThrownBy(() -> RuleSource.changed(Map.of("vanish-floor", Map.of("clear_share", 0.9)))
                        .engine())
                .hasMessageContaining("clear share 0.9");
    }

    @Test
    void everyStandardRuleTakesEachOfItsParametersBack() {
        for (var rule : RuleEngine.standard().descriptions()) {
            Map<String, Double> own = new java.util.TreeMap<>(rule.parameters());
            List.of(
                            "half_life_iterations",
                            "baseline_half_life_iterations",
                            "half_life_of_loss_iterations",
                            "window_iterations")
                    .forEach(own::remove); // what is not a rule's own
            assertThat(RuleSource.changed(Map.of(rule.rule(), own)).engine().descriptions())
                    .as(rule.rule())
                    .isEqualTo(RuleEngine.standard().descriptions());
        }
    }

    @Test
    void endsWhenItIsCancelled() {
        Backtest cancelled = new Backtest(iterations -> {}, () -> true);
        assertThatThrownBy(() -> cancelled.judge(healthy("a", Set.of()), RuleEngine.standard()))
                .isInstanceOf(CancellationException.class);
    }

    private static BacktestReport report(List<Recorded> runs, RuleEngine rules) {
        return BacktestReport.of(runs, rules, RuleEngine.standard(), new Backtest(), i -> {});
    }

    private static Score score(BacktestReport report, String rule) {
        return report.scores().stream()
                .filter(score -> score.rule().rule().equals(rule))
                .findFirst()
                .orElseThrow();
    }

    private static Recorded vanishing(String name, Set<String> labels, int iterations) {
        return new Recorded(name, labels, iterations, i -> iteration(4.61f, 0.01f, 1e-12f, 1e-10f));
    }

    private static Recorded healthy(String name, Set<String> labels) {
        return new Recorded(name, labels, 250, i -> iteration(4.6f - 0.01f * i, 0.002f * i, 1e-3f, 1e-4f));
    }

    private static Iteration.Builder iteration(float loss, float accuracy, float gradient, float ratio) {
        LayerStatistics.Builder layers = LayerStatistics.newBuilder();
        for (int l = 0; l < 8; l++) {
            layers.addMeanAbs(gradient).addL2(100 * gradient).addUpdateRatio(ratio);
        }
        return Iteration.newBuilder().setLoss(loss).setAccuracy(accuracy).setLayers(layers);
    }

    private record Recorded(String name, Set<String> labels, int iterations, LongFunction<Iteration.Builder> make)
            implements RecordedRun {
        @Override
        public RunDescription description() {
            return new RunDescription(
                    name,
                    1,
                    RunStarted.newBuilder()
                            .setClasses(100)
                            .setIterationsPerEpoch(EPOCH)
                            .build());
        }

        @Override
        public void replay(Events to) {
            List<Iteration> epoch = new ArrayList<>();
            for (long i = 0; i < iterations; i++) {
                Iteration iteration = make.apply(i)
                        .setIteration(i)
                        .setEpoch((int) (i / EPOCH))
                        .build();
                epoch.add(iteration);
                to.iteration(new IterationRecord(name, 1, 0, i, 100 * i, iteration));
                if (epoch.size() == EPOCH) {
                    to.epoch(new EpochRecord(
                            name,
                            1,
                            -1,
                            -1,
                            100 * i,
                            Epoch.newBuilder()
                                    .setEpoch((int) (i / EPOCH))
                                    .setIteration(i)
                                    .setTrainLoss(mean(epoch, true))
                                    .setTrainAccuracy(mean(epoch, false))
                                    .build()));
                    epoch.clear();
                }
            }
        }

        private static float mean(List<Iteration> epoch, boolean loss) {
            return (float) epoch.stream()
                    .mapToDouble(i -> loss ? i.getLoss() : i.getAccuracy())
                    .average()
                    .orElseThrow();
        }
    }
}
