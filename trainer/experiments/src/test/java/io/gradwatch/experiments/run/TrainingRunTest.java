package io.gradwatch.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.experiments.data.Augmentation;
import io.gradwatch.experiments.data.ImageData;
import io.gradwatch.experiments.run.SmallRuns.Recorder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TrainingRunTest {
    private static final int STEPS_PER_EPOCH = 21;

    private final ImageData data = SmallRuns.data();
    private final Recorder recorder = new Recorder();
    private final StopSignal stop = new StopSignal();

    @Test
    void trainsAllEpochsAndReportsEachWithItsValidation() {
        TrainingSettings settings = SmallRuns.settings(3, OptionalLong.empty());

        RunOutcome outcome = run(settings, settings.buildNetwork());

        assertThat(outcome).isInstanceOf(RunOutcome.Finished.class);
        assertThat(outcome.reason()).isEqualTo("3 epochs done");
        assertThat(recorder.outcomes).containsExactly(outcome, outcome);
        assertThat(recorder.iterations).hasSize(3 * STEPS_PER_EPOCH).endsWith(3L * STEPS_PER_EPOCH);
        // telemetry and progress are the same object here
        List<EpochSummary> epochs = recorder.epochs.stream().distinct().toList();
        assertThat(epochs).extracting(EpochSummary::epoch).containsExactly(0, 1, 2);
        assertThat(epochs).extracting(EpochSummary::lastIteration).containsExactly(20L, 41L, 62L);
        assertThat(epochs).allSatisfy(epoch -> {
            assertThat(epoch.validationLoss().getAsDouble()).isBetween(0.1, 10.0);
            assertThat(epoch.validationAccuracy().getAsDouble()).isBetween(0.0, 1.0);
            assertThat(epoch.waitedForData()).isBetween(0.0, 1.0);
        });
    }

    @Test
    void learns() {
        TrainingSettings settings = SmallRuns.normalised(8);

        run(settings, settings.buildNetwork());

        EpochSummary last = recorder.epochs.get(recorder.epochs.size() - 1);
        assertThat(recorder.epochs.get(0).trainLoss()).isBetween(4.0, 5.0);
        assertThat(last.trainLoss()).isLessThan(3.8);
        assertThat(last.validationLoss().getAsDouble()).isLessThan(4.2);
        // chance is 0.01
        assertThat(last.validationAccuracy().getAsDouble()).isGreaterThan(0.05);
    }

    @Test
    void endsAtTheIterationLimit() {
        TrainingSettings settings = SmallRuns.settings(100, OptionalLong.of(5));

        RunOutcome outcome = run(settings, settings.buildNetwork());

        assertThat(outcome).isInstanceOf(RunOutcome.Finished.class);
        assertThat(outcome.reason()).isEqualTo("5 iterations done");
        assertThat(recorder.iterations).hasSize(5);
        assertThat(recorder.epochs).isEmpty();
    }

    @Test
    void stopsAfterTheStepDuringWhichItWasAskedTo() {
        TrainingSettings settings = SmallRuns.settings(100, OptionalLong.empty());
        recorder.afterEachStep = () -> {
            if (recorder.iterations.size() == 4) {
                stop.request("enough");
            }
        };

        assertThat(run(settings, settings.buildNetwork())).isEqualTo(new RunOutcome.Stopped("enough"));
        assertThat(recorder.iterations).hasSize(4);
    }

    @Test
    void reportsAFailureInsteadOfThrowingIt() {
        TrainingSettings settings = SmallRuns.settings(2, OptionalLong.empty());
        recorder.afterEachStep = () -> {
            throw new IllegalStateException("the disk is full");
        };

        RunOutcome outcome = run(settings, settings.buildNetwork());

        assertThat(outcome).isInstanceOf(RunOutcome.Failed.class);
        assertThat(outcome.reason()).isEqualTo("the disk is full");
        assertThat(recorder.outcomes).containsExactly(outcome, outcome);
    }

    @Test
    void isTheSameBitByBitForTheSameSeed() {
        TrainingSettings settings = SmallRuns.settings(1, OptionalLong.empty());
        ComputationGraph first = settings.buildNetwork();
        ComputationGraph second = settings.buildNetwork();

        run(settings, first);
        run(settings, second);

        assertThat(first.params().data().asFloat())
                .isEqualTo(second.params().data().asFloat());
    }

    @Test
    void beginsWithTheSameNetworkForASeedOfZeroToo() throws InterruptedException {
        TrainingSettings any = SmallRuns.settings(1, OptionalLong.empty());
        TrainingSettings zero = new TrainingSettings(
                any.preset(),
                any.spec(),
                1,
                OptionalLong.empty(),
                any.batchSize(),
                any.learningRate(),
                any.schedule(),
                0,
                0,
                any.augmentation(),
                1);
        float[] first = zero.buildNetwork().params().data().asFloat();
        Thread.sleep(5); // the native generator would take the time for a seed

        assertThat(zero.buildNetwork().params().data().asFloat()).isEqualTo(first);
        assertThat(any.buildNetwork().params().data().asFloat()).isNotEqualTo(first);
    }

    @Test
    void takesTheLearningRateOfTheEpoch() {
        TrainingSettings settings = SmallRuns.settings(4, OptionalLong.empty());
        ComputationGraph network = settings.buildNetwork();
        String output = network.getConfiguration().getNetworkOutputs().get(0);
        List<Double> rates = new ArrayList<>();
        recorder.afterEachStep = () -> rates.add(network.getLearningRate(output));

        run(settings, network);

        for (int epoch = 0; epoch < 4; epoch++) {
            double expected = LearningRateSchedule.COSINE.at(0.003, epoch, 4);
            assertThat(rates.subList(epoch * STEPS_PER_EPOCH, (epoch + 1) * STEPS_PER_EPOCH))
                    .allSatisfy(rate -> assertThat(rate).isCloseTo(expected, within(1e-15)));
        }
    }

    @Test
    void measuresTheLossOfAStepAsDeeplearning4jDoes() {
        TrainingSettings settings = SmallRuns.settings(1, OptionalLong.empty());
        ComputationGraph network = settings.buildNetwork();
        recorder.afterEachStep = () ->
                assertThat(recorder.losses.get(recorder.losses.size() - 1)).isCloseTo(network.score(), within(1e-4));

        assertThat(run(settings, network)).isInstanceOf(RunOutcome.Finished.class);
    }

    @Test
    void validatesAsOftenAsAskedAndAfterTheLastEpoch() {
        TrainingSettings often = SmallRuns.settings(5, OptionalLong.empty());
        TrainingSettings settings = new TrainingSettings(
                often.preset(),
                often.spec(),
                5,
                OptionalLong.empty(),
                often.batchSize(),
                often.learningRate(),
                often.schedule(),
                0,
                1,
                Augmentation.NONE,
                2);

        run(settings, settings.buildNetwork());

        assertThat(recorder.epochs.stream().distinct())
                .extracting(epoch -> epoch.validationLoss().isPresent())
                .containsExactly(false, true, false, true, true);
    }

    @Test
    void countsCorrectImagesAsTheNetworksOutputTells() {
        TrainingSettings settings = SmallRuns.settings(1, OptionalLong.empty());
        ComputationGraph network = settings.buildNetwork();
        run(settings, network);

        BatchResult result = new Evaluator(network, data.train()).evaluate(stop).orElseThrow();

        int correct = 0;
        INDArray image = Nd4j.create(new long[] {1, 32, 32, 3});
        float[] mean = {0.4914f, 0.4822f, 0.4465f};
        float[] deviation = {0.2023f, 0.1994f, 0.2010f};
        for (int i = 0; i < data.train().size(); i++) {
            int index = data.train().index(i);
            for (int at = 0; at < 3072; at++) {
                int pixel = data.train().images().pixel(index, at % 3, at / 96, at / 3 % 32);
                image.putScalar(at, (pixel / 255f - mean[at % 3]) / deviation[at % 3]);
            }
            int predicted = network.outputSingle(image).argMax(1).getInt(0);
            correct += predicted == data.train().images().label(index) ? 1 : 0;
        }
        assertThat(result.images()).isEqualTo(410);
        assertThat(result.correct()).isEqualTo(correct).isPositive();
    }

    private RunOutcome run(TrainingSettings settings, ComputationGraph network) {
        return new TrainingRun(settings, data, network, recorder, recorder, stop).run();
    }
}
