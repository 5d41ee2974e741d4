package io.gradwatch.experiments.run;

import io.gradwatch.experiments.data.Augmentation;
import io.gradwatch.experiments.data.ImageData;
import io.gradwatch.experiments.data.SyntheticImages;
import io.gradwatch.experiments.network.NetworkSpec;
import io.gradwatch.experiments.network.Preset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.deeplearning4j.optimize.api.TrainingListener;

/** Runs of a few seconds, and what they report to. */
final class SmallRuns {
    private SmallRuns() {}

    /** 410 training images: with batches of 20, an epoch has 21 steps, the last of 10 images. */
    static ImageData data() {
        return SyntheticImages.generate(410, 130, 1, 3);
    }

    static TrainingSettings settings(int epochs, OptionalLong iterations) {
        return new TrainingSettings(
                "vgg08",
                NetworkSpec.plain(0).withFilters(8),
                epochs,
                iterations,
                20,
                0.003,
                LearningRateSchedule.COSINE,
                0,
                11,
                new Augmentation(false, 0.01),
                1);
    }

    /** One that learns fast: with batch normalisation and skips. */
    static TrainingSettings normalised(int epochs) {
        return new TrainingSettings(
                "vgg08-bn-resnet",
                Preset.named("vgg08-bn-resnet").spec().withFilters(16),
                epochs,
                OptionalLong.empty(),
                20,
                0.01,
                LearningRateSchedule.COSINE,
                0,
                11,
                Augmentation.NONE,
                1);
    }

    /** Remembers what it is told. */
    static final class Recorder implements RunProgress, RunTelemetry {
        final List<EpochSummary> epochs = new ArrayList<>();
        final List<Double> losses = new ArrayList<>();
        final List<RunOutcome> outcomes = new ArrayList<>();
        final List<Long> iterations = new ArrayList<>();
        final List<String> warnings = new ArrayList<>();
        final List<Integer> attempts = new ArrayList<>();
        String summary = "";
        Runnable afterEachStep = () -> {};
        Runnable afterEachEpoch = () -> {};

        @Override
        public void iterationDone(long iterationsDone, int epoch, double loss, double accuracy, long dropped) {
            iterations.add(iterationsDone);
            losses.add(loss);
            afterEachStep.run();
        }

        @Override
        public void epochEnded(EpochSummary summary) {
            epochs.add(summary);
            afterEachEpoch.run();
        }

        @Override
        public void started(int attempt, long iterationsDone, int epoch, int position) {
            attempts.add(attempt);
        }

        @Override
        public void warning(String message) {
            warnings.add(message);
        }

        @Override
        public void ended(RunOutcome outcome, long iterationsDone, String whatBecame) {
            outcomes.add(outcome);
            summary = whatBecame;
        }

        @Override
        public Optional<TrainingListener> listener() {
            return Optional.empty();
        }

        @Override
        public String ended(RunOutcome outcome) {
            outcomes.add(outcome);
            return "recorded";
        }

        @Override
        public long dropped() {
            return 0;
        }
    }
}
