package io.gradwatch.telemetry.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.rules.RuleEngine;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.gradwatch.telemetry.stream.RunDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The rules on logs that have a line an epoch and no gradients, see {@code src/test/resources/curves/README.md}. Every iteration
 * of an epoch gets the epoch's figures.
 */
class PublicCurvesTest {
    private static final int EPOCH = 475;

    @Test
    void catchesTheNetworkThatGuessesAtTheEndOfItsThirdEpoch() throws IOException {
        RunVerdict vgg38 = judge("vgg38", RuleEngine.standard());

        RuleVerdict.Step first =
                vgg38.rule("chance-level").orElseThrow().first().orElseThrow();
        assertThat(first.epoch()).isEqualTo(2);
        assertThat(first.iteration()).isEqualTo(3 * EPOCH - 1);
        assertThat(vgg38.rules().stream().filter(RuleVerdict::fired).map(RuleVerdict::rule))
                .containsExactly("chance-level");
        assertThat(vgg38.evident().chance()).hasValue(2 * EPOCH - 1);
    }

    @Test
    void saysNothingOfTheNetworkThatLearns() throws IOException {
        RunVerdict vgg08 = judge("vgg08", RuleEngine.standard());

        assertThat(vgg08.rules().stream().filter(RuleVerdict::fired).map(RuleVerdict::rule))
                .isEmpty();
        assertThat(vgg08.evident().chance()).isEmpty();
    }

    @Test
    void otherToolsSayOfTheSameLogsWhatTheirFormulasSay() throws IOException {
        RunVerdict vgg38 = judge("vgg38", RuleSource.peers().engine());
        RunVerdict vgg08 = judge("vgg08", RuleSource.peers().engine());

        assertThat(firstEpoch(vgg38, "autotrainer-slow-convergence")).isEqualTo(33);
        assertThat(firstEpoch(vgg38, "autotrainer-not-converged")).isEqualTo(33);
        assertThat(firstEpoch(vgg08, "autotrainer-not-converged")).isEqualTo(33);
        assertThat(vgg08.rule("autotrainer-slow-convergence").orElseThrow().fired())
                .isFalse();
        assertThat(vgg08.rule("sagemaker-overfit").orElseThrow().fired()).isTrue();
        assertThat(vgg38.rule("sagemaker-overfit").orElseThrow().fired()).isFalse();
        assertThat(firstEpoch(vgg38, "sagemaker-loss-not-decreasing-epochs")).isBetween(17L, 20L);
        assertThat(vgg08.rule("autotrainer-oscillation").orElseThrow().fired()).isFalse();
    }

    /** From 1 on, as people count. */
    private static long firstEpoch(RunVerdict run, String rule) {
        return run.rule(rule).orElseThrow().first().orElseThrow().epoch() + 1;
    }

    private static RunVerdict judge(String name, RuleEngine rules) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("src/test/resources/curves", name + "-baseline.csv"));
        return new Backtest().judge(new Curve(name, lines.subList(1, lines.size())), rules);
    }

    private record Curve(String name, List<String> lines) implements RecordedRun {
        @Override
        public RunDescription description() {
            return new RunDescription(
                    name,
                    1,
                    RunStarted.newBuilder()
                            .setName(name)
                            .setClasses(100)
                            .setIterationsPerEpoch(EPOCH)
                            .setPlannedEpochs(100)
                            .setPlannedIterations(100 * EPOCH)
                            .build());
        }

        @Override
        public Set<String> labels() {
            return Set.of();
        }

        @Override
        public void replay(Events to) {
            long iteration = 0;
            for (int epoch = 0; epoch < lines.size(); epoch++) {
                String[] figures = lines.get(epoch).split(",");
                float loss = Float.parseFloat(figures[0]);
                float accuracy = Float.parseFloat(figures[1]);
                for (int i = 0; i < EPOCH; i++) {
                    to.iteration(new IterationRecord(
                            name,
                            1,
                            0,
                            iteration,
                            100 * iteration,
                            Iteration.newBuilder()
                                    .setIteration(iteration++)
                                    .setEpoch(epoch)
                                    .setLoss(loss)
                                    .setAccuracy(accuracy)
                                    .build()));
                }
                to.epoch(new EpochRecord(
                        name,
                        1,
                        -1,
                        -1,
                        100 * iteration,
                        Epoch.newBuilder()
                                .setEpoch(epoch)
                                .setIteration(iteration - 1)
                                .setTrainLoss(loss)
                                .setTrainAccuracy(accuracy)
                                .setValidationLoss(Float.parseFloat(figures[2]))
                                .setValidationAccuracy(Float.parseFloat(figures[3]))
                                .build()));
            }
        }
    }
}
