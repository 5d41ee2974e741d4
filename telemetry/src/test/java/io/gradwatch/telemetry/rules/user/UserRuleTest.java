package io.gradwatch.telemetry.rules.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.BatchNorm;
import io.gradwatch.contract.v1.BatchNormStatistics;
import io.gradwatch.contract.v1.Curvature;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.Layer;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.contract.v1.Summary;
import io.gradwatch.telemetry.rules.Rule;
import io.gradwatch.telemetry.rules.RuleEngine;
import io.gradwatch.telemetry.rules.RunState;
import io.gradwatch.telemetry.rules.Verdict;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.gradwatch.telemetry.stream.RunDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rules of a file say of runs. */
class UserRuleTest {
    private static final RunStarted STARTED = started();

    /** A run, fed to a rule set record by record. */
    private static final class Fed {
        private final RuleEngine engine;
        private final List<Alert> transitions = new ArrayList<>();
        private RunState state = RunState.EMPTY;
        private int attempt = 1;
        private long iteration;
        private long seq;
        private boolean throughBytes;

        Fed(String rule) {
            List<Rule> own = RuleFileTest.valid("rules:\n  - " + rule.strip().replace("\n", "\n    ") + "\n")
                    .ownRules();
            engine = RuleEngine.of(own);
        }

        Fed feed(int iterations, LongFunction<Iteration.Builder> make) {
            for (int i = 0; i < iterations; i++) {
                Iteration made = make.apply(iteration).setIteration(iteration).build();
                take(engine.evaluate(
                        new RunDescription("run-1", attempt, STARTED),
                        new IterationRecord("run-1", attempt, 0, ++seq, 1_000 + 100 * iteration, made),
                        state));
                iteration++;
            }
            return this;
        }

        Fed losses(int iterations, double loss) {
            return feed(iterations, i -> Iteration.newBuilder().setLoss((float) loss));
        }

        Fed gradients(int iterations, double... gradients) {
            return feed(iterations, i -> {
                LayerStatistics.Builder layers = LayerStatistics.newBuilder();
                for (double g : gradients) {
                    layers.addMeanAbs((float) g);
                }
                return Iteration.newBuilder().setLayers(layers);
            });
        }

        Fed epoch(int epoch, double validationLoss) {
            take(engine.evaluate(
                    new RunDescription("run-1", attempt, STARTED),
                    new EpochRecord(
                            "run-1",
                            attempt,
                            0,
                            epoch,
                            5_000 + 1_000L * epoch,
                            Epoch.newBuilder()
                                    .setEpoch(epoch)
                                    .setIteration(10L * epoch + 9)
                                    .setValidationLoss((float) validationLoss)
                                    .build()),
                    state));
            return this;
        }

        private void take(Verdict verdict) {
            state = throughBytes ? RunState.fromBytes(verdict.state().toBytes()) : verdict.state();
            transitions.addAll(verdict.transitions());
        }

        /** "FIRING WARNING 19", … */
        List<String> story() {
            return transitions.stream()
                    .map(a -> a.getState() + " " + a.getSeverity() + " " + a.getLastIteration())
                    .toList();
        }

        Alert last() {
            return transitions.get(transitions.size() - 1);
        }
    }

    @Test
    void firesKeepsAndClearsAsItsTimesSay() {
        Fed run = new Fed("""
                name: high
                metric: loss
                when: above 5
                clear: below 3
                for: 10 iterations
                keep: 5 iterations
                warm_up: 0
                """);
        run.losses(30, 4).losses(20, 6).losses(20, 4).losses(10, 2);
        assertThat(run.story())
                .containsExactly(
                        "PENDING WARNING 30", "FIRING WARNING 39", "RECOVERING WARNING 70", "RESOLVED WARNING 74");
        assertThat(run.transitions.get(1).getMessage()).isEqualTo("Loss is 6, above 5.");
        assertThat(run.transitions.get(1).getInputsMap()).containsEntry("value", 6.0);
        assertThat(run.transitions.get(1).getThresholdsMap())
                .containsEntry("threshold", 5.0)
                .containsEntry("clear_threshold", 3.0)
                .containsEntry("for_iterations", 10.0);
        assertThat(run.transitions.get(2).getMessage())
                .isEqualTo("Loss is 2. Resolved if it stays so for 5 iterations.");
        assertThat(run.last().getRuleVersion()).isGreaterThan(1 << 30);
    }

    @Test
    void becomesCriticalBeyondTheSecondThreshold() {
        Fed run = new Fed("""
                name: high
                metric: loss
                when: above 5
                critical: above 50
                for: 3 iterations
                warm_up: 0
                """);
        run.losses(10, 6).losses(10, 60);
        assertThat(run.story()).containsExactly("PENDING WARNING 0", "FIRING WARNING 2", "FIRING CRITICAL 12");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "aggregate: min            | 1e-9   | 0",
                "aggregate: max            | 1e-3   | 5",
                "aggregate: mean           | 2.02e-4 | ",
                "aggregate: median         | 5.5e-6 | ",
                "aggregate: share below 1e-5 | 0.5 | 0 1 3",
                "aggregate: share above 1e-5 | 0.5 | 2 4 5",
                "{aggregate: max, layers: first 2}  | 1e-6 | 1",
                "{aggregate: max, layers: last 3}   | 1e-3 | 5",
                "{aggregate: min, layers: 2..4}     | 1e-6 | 3",
                "{aggregate: max, layers: 0}        | 1e-9 | 0",
                "{aggregate: max, layers: name stage1.*} | 1e-4 | 2",
                "{aggregate: max, layers: {name: '*conv?', block: stage 1, last: 2}} | 1e-4 | 2",
                "{aggregate: min, layers: type dense} | 1e-3 | 5",
                "{aggregate: min, layers: {indices: 3..4, side_paths: true}} | 1e-6 | 3",
            })
    void takesTheLayersThatItNames(String how, double value, String layers) {
        String fields = how.startsWith("{") ? how.substring(1, how.length() - 1) : how;
        Fed run = new Fed(
                "{name: r, metric: gradient.mean_abs, when: above -1, for: 1 iteration, warm_up: 0, " + fields + "}");
        // the fifth layer (index 4) is a projection, beside the main path, but for two of the cases
        run.gradients(1, 1e-9, 1e-6, 1e-4, 1e-6, 2e-4, 1e-3);
        Alert fired = run.last();
        boolean all = how.contains("mean") || how.contains("median") || how.contains("share");
        if (!all) {
            assertThat(fired.getInputsOrThrow("value"))
                    .isCloseTo(value, org.assertj.core.data.Percentage.withPercentage(0.1));
            assertThat(fired.getLayersList())
                    .containsExactly(java.util.Arrays.stream(layers.split(" "))
                            .map(Integer::valueOf)
                            .toArray(Integer[]::new));
        } else {
            assertThat(fired.getState()).isEqualTo(Alert.State.FIRING);
        }
    }

    @Test
    void leavesLayersBesideTheMainPathOutUnlessAsked() {
        String rule =
                "{name: r, metric: gradient.mean_abs, aggregate: max, when: above 0, for: 1 iteration, warm_up: 0";
        Fed without = new Fed(rule + "}").gradients(1, 1, 2, 3, 4, 100, 6);
        Fed with = new Fed(rule + ", layers: {side_paths: true}}").gradients(1, 1, 2, 3, 4, 100, 6);
        assertThat(without.last().getInputsOrThrow("value")).isEqualTo(6);
        assertThat(without.last().getInputsOrThrow("layers_looked_at")).isEqualTo(5);
        assertThat(with.last().getInputsOrThrow("value")).isEqualTo(100);
        assertThat(with.last().getMessage())
                .isEqualTo(
                        "Largest gradient.mean_abs over the layers (all with side paths) is 100, above 0: stage1.skip"
                                + " (layer 4).");
    }

    @Test
    void fillsInItsMessage() {
        Fed run = new Fed("""
                name: starving
                metric: gradient.mean_abs
                aggregate: share below 1e-8
                when: at least 0.3
                for: 2 iterations
                warm_up: 0
                message: "{rule}: {layers} of {of_layers} ({value}, limit {threshold}) of {metric} in {run}, {layer} first, at {iteration} in epoch {epoch} {{so}}"
                """);
        run.gradients(3, 1e-9, 1e-9, 1, 1, 1, 1);
        assertThat(run.last().getMessage())
                .isEqualTo(
                        "starving: 2 of 5 (0.4, limit 0.3) of gradient.mean_abs in named, entry.conv (layer 0) first,"
                                + " at 1 in epoch 1 {so}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // losses 1, 2, 3, …: the first value of a window, and the iteration at which there is one
                "mean of 10 iterations            | 5.5  | 9",
                "min of 10 iterations             | 1    | 9",
                "max of 10 iterations             | 10   | 9",
                "slope of 10 iterations           | 1    | 9",
                "change of 10 iterations          | 10   | 19",
                "relative change of 10 iterations | 1.8181818 | 19",
                "ewma with half-life 1 iteration  | 1    | 0",
                "mean of 2 epochs                 | 10.5 | 19",
                "slope of 2 epochs                | 10   | 19",
                "mean of 1000 iterations          | 500.5 | 999",
                "slope of 1000 iterations         | 1    | 999",
                "change of 1000 iterations        | 1000 | 1999",
                "max of 1001 iterations           | 1001 | 1000",
                "last                             | 1    | 0",
            })
    void takesIterationsTogether(String window, double value, int iteration) {
        Fed run = new Fed(
                "{name: r, metric: loss, window: " + window + ", when: above -99, for: 1 iteration, warm_up: 0}");
        run.feed(2_100, i -> Iteration.newBuilder().setLoss(i + 1));
        Alert fired = run.transitions.get(1);
        assertThat(fired.getState()).isEqualTo(Alert.State.FIRING);
        if (window.contains("1001")) { // pieces of 11: the window is at most a hundredth longer
            assertThat(fired.getLastIteration()).isBetween(1000L, 1012L);
            assertThat(fired.getInputsOrThrow("value")).isEqualTo(fired.getLastIteration() + 1);
        } else {
            assertThat(fired.getLastIteration()).isEqualTo(iteration);
            assertThat(fired.getInputsOrThrow("value")).isCloseTo(value, org.assertj.core.data.Offset.offset(1e-5));
        }
    }

    @Test
    void anExponentialMeanHalvesAtItsHalfLife() {
        Fed run = new Fed("{name: r, metric: loss, window: ewma with half-life 10 iterations, when: at most 0.5, for: 1"
                + " iteration, warm_up: 0}");
        run.losses(1, 1).losses(30, 0);
        assertThat(run.transitions.get(0).getFirstIteration()).isBetween(10L, 11L);
    }

    @Test
    void whatWasUsualStandsStillWhileTheAlertIsOpen() {
        Fed run = new Fed("""
                name: jump
                metric: loss
                window: change of 10 iterations
                when: above 2
                for: 5 iterations
                warm_up: 0
                """);
        run.losses(50, 1).losses(200, 10);
        assertThat(run.last().getState())
                .as("the trouble does not become normal")
                .isEqualTo(Alert.State.FIRING);
        run.losses(300, 1);
        assertThat(run.last().getState()).isEqualTo(Alert.State.RESOLVED);
    }

    @Test
    void judgesEpochsOnceEach() {
        Fed run = new Fed("""
                name: stuck
                metric: validation_loss
                window: relative change of 2 epochs
                when: above -0.01
                for: 2 epochs
                keep: 1 epoch
                """);
        for (int e = 0; e < 10; e++) {
            run.epoch(e, e < 5 ? 5 - e : 1).epoch(e, 99).epoch(0, 99);
        }
        assertThat(run.story()).containsExactly("PENDING WARNING 79", "FIRING WARNING 89");
        assertThat(run.transitions.get(1).getMessage())
                .isEqualTo("Relative change of 2 epochs of validation_loss is 0, above -0.01.");
    }

    @Test
    void asksEveryLayerWhetherItIsANumber() {
        Fed run = new Fed("{name: r, metric: gradient.mean_abs, when: is not finite, for: 1 iteration, warm_up: 0}");
        run.gradients(5, 1, 1, 1, 1, 1, 1).gradients(1, 1, Double.NaN, 1, Double.POSITIVE_INFINITY, Double.NaN, 1);
        assertThat(run.last().getLayersList()).containsExactly(1, 3);
        assertThat(run.last().getMessage())
                .isEqualTo("gradient.mean_abs is not finite in 2 layers, first in stage1.conv1 (layer 1).");
    }

    @Test
    void judgesBatchNormsAndNamesTheirLayers() {
        Fed run = new Fed("{name: r, metric: bn.gamma_mean, aggregate: min, when: below 0.1, for: 1 iteration, warm_up:"
                + " 0, severity: info}");
        run.feed(
                1,
                i -> Iteration.newBuilder()
                        .setBatchNorms(BatchNormStatistics.newBuilder()
                                .setGamma(Summary.newBuilder().addMean(1).addMean(0.05f))));
        assertThat(run.last().getSeverity()).isEqualTo(Alert.Severity.INFO);
        assertThat(run.last().getLayersList()).containsExactly(1);
        assertThat(run.last().getMessage()).contains("stage1.bn1");
    }

    @Test
    void whatIsSampledStandsForTheIterationsSinceTheSampleBefore() {
        Fed run = new Fed(
                "{name: r, metric: curvature.gradient_curvature, when: above 1, for: 100 iterations, warm_up:" + " 0}");
        run.feed(301, i -> {
            Iteration.Builder made = Iteration.newBuilder();
            return i % 50 == 0 ? made.setCurvature(Curvature.newBuilder().setGradientCurvature(2)) : made;
        });
        assertThat(run.story()).containsExactly("PENDING WARNING 0", "FIRING WARNING 100");
    }

    @Test
    void givesTheSameWhenItIsCutAnywhere() {
        Random random = new Random(5);
        List<Float> losses = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            losses.add((i / 150 % 2 == 0 ? 2f : 5f) + (float) random.nextGaussian());
        }
        for (String window : List.of(
                "last",
                "mean of 20 iterations",
                "max of 150 iterations",
                "slope of 30 iterations",
                "change of 120 iterations",
                "ewma with half-life 9 iterations")) {
            String rule = "{name: r, metric: loss, window: " + window
                    + ", when: above 3, clear: below 2, for: 3 iterations, keep: 5 iterations, warm_up: 0}";
            Fed whole = new Fed(rule).feed(900, i -> Iteration.newBuilder().setLoss(losses.get((int) i)));
            Fed cut = new Fed(rule);
            cut.throughBytes = true;
            cut.feed(900, i -> Iteration.newBuilder().setLoss(losses.get((int) i)));
            assertThat(cut.transitions).as(window).isEqualTo(whole.transitions);
            assertThat(cut.state).isEqualTo(whole.state);
        }
    }

    @Test
    void neverThrowsWhateverARecordHolds() {
        Random random = new Random(7);
        float[] odd = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, -1, 1e-38f, Float.MAX_VALUE, 1};
        for (String metric : Measure.names()) {
            for (String how : List.of(
                    "",
                    ", window: relative change of 3 iterations",
                    ", window: ewma with half-life 2 iterations",
                    ", when: is not finite")) {
                String rule = "{name: r, metric: " + metric + (how.contains("when") ? how : ", when: above 1" + how)
                        + ", for: 1 iteration, warm_up: 0}";
                RuleFile file = RuleFile.read("r", "rules: [" + rule + "]");
                if (file instanceof RuleFile.Malformed) {
                    file = RuleFile.read("r", "rules: [" + rule.replace("metric:", "aggregate: median, metric:") + "]");
                }
                if (file instanceof RuleFile.Malformed) {
                    continue; // windows in iterations of epochs
                }
                RuleEngine engine = ((RuleFile.Valid) file).rules().engine();
                assertThatCode(() -> {
                            RunState state = RunState.EMPTY;
                            for (int i = 0; i < 30; i++) {
                                int layers = random.nextInt(9);
                                state = engine.evaluate(
                                                new RunDescription("x", 1 + i / 20, STARTED),
                                                new IterationRecord(
                                                        "x",
                                                        1 + i / 20,
                                                        0,
                                                        i + 1,
                                                        0,
                                                        iteration(random, odd, i, layers)),
                                                state)
                                        .state();
                                state = engine.evaluate(
                                                new RunDescription("x", 1, STARTED),
                                                new EpochRecord(
                                                        "x",
                                                        1,
                                                        0,
                                                        i,
                                                        0,
                                                        Epoch.newBuilder()
                                                                .setEpoch(random.nextInt(5))
                                                                .setValidationLoss(odd[random.nextInt(odd.length)])
                                                                .build()),
                                                state)
                                        .state();
                            }
                        })
                        .as(metric + how)
                        .doesNotThrowAnyException();
            }
        }
    }

    private static Iteration iteration(Random random, float[] odd, int i, int layers) {
        LayerStatistics.Builder statistics = LayerStatistics.newBuilder();
        BatchNormStatistics.Builder bns = BatchNormStatistics.newBuilder();
        for (int l = 0; l < layers; l++) {
            statistics.addMeanAbs(odd[random.nextInt(odd.length)]).addL2(odd[random.nextInt(odd.length)]);
            statistics.addUpdateRatio(odd[random.nextInt(odd.length)]);
            bns.addDrift(odd[random.nextInt(odd.length)]);
        }
        return Iteration.newBuilder()
                .setIteration(i)
                .setLoss(odd[random.nextInt(odd.length)])
                .setLayers(statistics)
                .setBatchNorms(bns)
                .build();
    }

    private static RunStarted started() {
        RunStarted.Builder run = RunStarted.newBuilder().setName("named").setIterationsPerEpoch(10);
        String[] names = {"entry.conv", "stage1.conv1", "stage1.conv2", "stage2.conv1", "stage1.skip", "head.dense"};
        for (int i = 0; i < names.length; i++) {
            run.addLayers(Layer.newBuilder()
                    .setIndex(i)
                    .setName(names[i])
                    .setType(names[i].contains("dense") ? "dense" : "conv2d")
                    .setBlock(names[i].startsWith("stage1") ? "stage 1" : "other")
                    .setMainPath(i != 4));
        }
        run.addBatchNorms(BatchNorm.newBuilder().setIndex(0).setName("entry.bn").setLayer(0));
        run.addBatchNorms(
                BatchNorm.newBuilder().setIndex(1).setName("stage1.bn1").setLayer(1));
        return run.build();
    }
}
