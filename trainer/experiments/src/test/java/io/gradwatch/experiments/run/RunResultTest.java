package io.gradwatch.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.experiments.data.Augmentation;
import io.gradwatch.experiments.data.ImageData;
import io.gradwatch.experiments.data.SyntheticImages;
import io.gradwatch.experiments.run.SmallRuns.Recorder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class RunResultTest {
    private final ImageData data = SyntheticImages.generate(200, 100, 100, 3);
    private final Recorder recorder = new Recorder();
    private final StopSignal stop = new StopSignal();

    @Test
    void isTheTestOfTheBestEpochAndNotOfTheLast() {
        // a learning rate so high that accuracy comes and goes
        TrainingSettings settings = settings(6, OptionalLong.empty(), 1);
        ComputationGraph network = settings.buildNetwork();
        List<INDArray> parameters = new ArrayList<>();
        recorder.afterEachEpoch = () -> parameters.add(network.params().dup());

        RunResult result = run(settings, network).result().orElseThrow();

        EpochSummary best = recorder.epochs.get(result.bestEpoch());
        double highest = recorder.epochs.stream()
                .mapToDouble(epoch -> epoch.validationAccuracy().getAsDouble())
                .max()
                .getAsDouble();
        assertThat(best.epoch())
                .as("the case is of use only if the last is not the best")
                .isLessThan(5);
        assertThat(result.validationAccuracy()).hasValue(highest).isEqualTo(best.validationAccuracy());
        assertThat(recorder.epochs.stream().limit(best.epoch()))
                .as("of several alike the first")
                .allSatisfy(epoch ->
                        assertThat(epoch.validationAccuracy().getAsDouble()).isLessThan(highest));
        assertThat(result.validationLoss()).isEqualTo(best.validationLoss());
        assertThat(result.trainLoss()).hasValue(best.trainLoss());
        assertThat(result.trainAccuracy()).hasValue(best.trainAccuracy());

        assertThat(network.params()).as("the last ones are there again").isEqualTo(parameters.get(5));
        BatchResult last = test(network);
        network.params().assign(parameters.get(best.epoch()));
        BatchResult ofBest = test(network);
        assertThat(result.testLoss()).hasValue(ofBest.meanLoss());
        assertThat(result.testAccuracy()).hasValue(ofBest.accuracy());
        assertThat(ofBest.meanLoss()).isNotEqualTo(last.meanLoss());
    }

    @Test
    void isTheTestOfTheLastParametersWhereNothingWasValidated() {
        TrainingSettings settings = settings(2, OptionalLong.of(12), 0);
        ComputationGraph network = settings.buildNetwork();

        RunResult result = run(settings, network).result().orElseThrow();

        assertThat(result.validated()).isFalse();
        assertThat(result.bestEpoch()).isEqualTo(1);
        assertThat(result.validationLoss()).isEmpty();
        assertThat(result.testLoss()).hasValue(test(network).meanLoss());
        // the second epoch has made two steps of ten
        assertThat(result.trainLoss().getAsDouble()).isEqualTo((recorder.losses.get(10) + recorder.losses.get(11)) / 2);
    }

    @Test
    void isMissingWhenTheRunIsStoppedBeforeTheTestIsDone() {
        TrainingSettings settings = settings(1, OptionalLong.empty(), 1);
        recorder.afterEachEpoch = () -> stop.request("enough");

        RunOutcome outcome = run(settings, settings.buildNetwork());

        assertThat(outcome).isEqualTo(new RunOutcome.Stopped("enough"));
        assertThat(outcome.result()).isEmpty();
    }

    private RunOutcome run(TrainingSettings settings, ComputationGraph network) {
        return new TrainingRun(settings, data, network, RunTelemetry.NONE, recorder, stop).run();
    }

    private BatchResult test(ComputationGraph network) {
        return new Evaluator(network, data.test()).evaluate(new StopSignal()).orElseThrow();
    }

    private static TrainingSettings settings(int epochs, OptionalLong iterations, int validateEvery) {
        TrainingSettings base = SmallRuns.normalised(epochs);
        return new TrainingSettings(
                base.preset(),
                base.spec().withFilters(4),
                epochs,
                iterations,
                20,
                0.05,
                LearningRateSchedule.CONSTANT,
                0,
                7,
                Augmentation.NONE,
                validateEvery);
    }
}
