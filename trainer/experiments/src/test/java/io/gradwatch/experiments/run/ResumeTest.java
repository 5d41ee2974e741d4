package io.gradwatch.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.experiments.checkpoint.CheckpointStore;
import io.gradwatch.experiments.data.Augmentation;
import io.gradwatch.experiments.data.ImageData;
import io.gradwatch.experiments.data.SyntheticImages;
import io.gradwatch.experiments.network.NetworkSpec;
import io.gradwatch.experiments.network.Preset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that was stopped and goes on is the run that was not: the same losses, results and parameters, bit by bit. */
class ResumeTest {
    /** With batches of 20: 5 steps an epoch, the last of 10 images. */
    private static final ImageData DATA = SyntheticImages.generate(90, 40, 30, 3);

    private static final int STEPS = 5;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "vgg08, 0, 7", // in the middle of an epoch
        "vgg08, 0, 10", // after the last step of an epoch, before its validation
        "vgg08-bn-resnet, 0, 3", // before anything was validated
        "vgg08-bn-resnet, 0, 11",
        "vgg08, 0.01, 8",
        "vgg08-bn-resnet, 0.01, 15", // after the very last step
    })
    void isTheSameBitByBitWhereverItWasStopped(String preset, double weightDecay, int stopAfter) throws IOException {
        TrainingSettings settings = settings(preset, weightDecay, 3);
        Attempt whole = run(settings, "whole", Integer.MAX_VALUE);

        Attempt first = run(settings, "parts", stopAfter);
        Attempt second = run(settings, "parts", Integer.MAX_VALUE);

        assertThat(first.outcome).isInstanceOf(RunOutcome.Stopped.class);
        assertThat(first.recorder.losses).hasSize(stopAfter);
        assertThat(second.outcome).isEqualTo(whole.outcome).isInstanceOf(RunOutcome.Finished.class);
        List<Double> losses = new ArrayList<>(first.recorder.losses);
        losses.addAll(second.recorder.losses);
        assertThat(losses).isEqualTo(whole.recorder.losses).hasSize(3 * STEPS);
        assertThat(second.parameters).isEqualTo(whole.parameters);
        assertThat(second.updaterState).isEqualTo(whole.updaterState);
        assertThat(second.firstIteration).isEqualTo(stopAfter);
        List<EpochSummary> epochs = new ArrayList<>(first.recorder.epochs);
        epochs.addAll(second.recorder.epochs);
        assertThat(epochs)
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("duration", "waitedForData")
                .isEqualTo(whole.recorder.epochs);
        assertThat(first.recorder.attempts).containsExactly(1);
        assertThat(second.recorder.attempts).containsExactly(2);
    }

    /** One process after another for the same run, as Trainings does it. */
    private Attempt run(TrainingSettings settings, String id, int stopAfter) throws IOException {
        Attempt attempt = new Attempt(stopAfter);
        Trainings trainings = new Trainings(
                attempt, Optional.of(new Checkpointing(new CheckpointStore(folder), Checkpointing.DEFAULT_KEEP)));
        attempt.outcome = trainings.startOrResume(description(settings, id), attempt.recorder, attempt.stop);
        return attempt;
    }

    private static RunDescription description(TrainingSettings settings, String id) {
        return new RunDescription(id, id, List.of(), settings, DATA, Map.of("threads", "2"), Map.of());
    }

    private static TrainingSettings settings(String preset, double weightDecay, int epochs) {
        NetworkSpec spec = Preset.named(preset).spec().withFilters(3);
        return new TrainingSettings(
                preset,
                spec,
                epochs,
                OptionalLong.empty(),
                20,
                0.01,
                LearningRateSchedule.COSINE,
                weightDecay,
                5,
                new Augmentation(true, 0.02),
                1);
    }
}
