package io.gradwatch.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.experiments.checkpoint.CheckpointStore;
import io.gradwatch.experiments.data.Augmentation;
import io.gradwatch.experiments.data.ImageData;
import io.gradwatch.experiments.data.SyntheticImages;
import io.gradwatch.experiments.network.Preset;
import io.gradwatch.experiments.run.SmallRuns.Recorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run is told between its steps. */
class CommandedRunTest {
    /** With batches of 20: 5 steps an epoch. */
    private static final ImageData DATA = SyntheticImages.generate(100, 20, 20, 3);

    private static final double SET = 0.02;

    @TempDir
    Path folder;

    private interface Order {
        void give(RunOrders run) throws IOException;
    }

    /** Gives orders after some steps, counted over all attempts, and remembers the learning rate of each step. */
    private static final class Told implements RunTelemetry.Factory {
        private final Map<Long, Order> orders = new TreeMap<>();
        private final List<Double> rates = new ArrayList<>();
        private final Recorder recorder = new Recorder();
        private final List<EpochSummary> epochs = new ArrayList<>();
        private float[] parameters = {};

        Told after(long steps, Order order) {
            orders.put(steps, order);
            return this;
        }

        @Override
        public RunTelemetry start(RunDescription description, ComputationGraph network, int attempt) {
            String output = network.getConfiguration().getNetworkOutputs().get(0);
            return new RunTelemetry() {
                private RunOrders run = new Nobody();

                @Override
                public Optional<TrainingListener> listener() {
                    return Optional.empty();
                }

                @Override
                public void obeys(RunOrders orders) {
                    run = orders;
                }

                @Override
                public void stepBegins(io.gradwatch.experiments.data.Batch batch) {
                    rates.add(network.getLearningRate(output));
                }

                @Override
                public void stepEnded() {
                    Order order = orders.get((long) network.getIterationCount());
                    if (order != null) {
                        try {
                            order.give(run);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }
                }

                @Override
                public void epochEnded(EpochSummary summary) {
                    epochs.add(summary);
                }

                @Override
                public String ended(RunOutcome outcome) {
                    parameters = network.params().data().asFloat();
                    return "told";
                }

                @Override
                public long dropped() {
                    return 0;
                }
            };
        }
    }

    private static final class Nobody implements RunOrders {
        @Override
        public void stop(String by) {}

        @Override
        public boolean isStopping() {
            return false;
        }

        @Override
        public String checkpoint() {
            return "";
        }

        @Override
        public void learningRate(double rate) {}

        @Override
        public void tell(String sentence) {}
    }

    private RunOutcome train(Told told, String id) throws IOException {
        TrainingSettings settings = new TrainingSettings(
                "vgg08",
                Preset.named("vgg08").spec().withFilters(3),
                4,
                OptionalLong.empty(),
                20,
                0.01,
                LearningRateSchedule.COSINE,
                0,
                5,
                Augmentation.NONE,
                1);
        RunDescription description =
                new RunDescription(id, id, List.of(), settings, DATA, Map.of("threads", "2"), Map.of());
        Trainings trainings = new Trainings(told, Optional.of(new Checkpointing(new CheckpointStore(folder), 1)));
        return trainings.startOrResume(description, told.recorder, new StopSignal());
    }

    @Test
    void aLearningRateThatWasSetReplacesTheScheduleAndSurvivesAResumeBitByBit() throws IOException {
        Told whole = new Told().after(7, run -> run.learningRate(SET));
        train(whole, "whole");
        assertThat(whole.rates.subList(0, 5)).containsOnly(0.01);
        assertThat(whole.rates.get(6)).isLessThan(0.01);
        assertThat(whole.rates.subList(7, 20)).containsOnly(SET);
        assertThat(whole.epochs).extracting(EpochSummary::learningRate).endsWith(SET, SET, SET);

        Told first = new Told().after(7, run -> run.learningRate(SET)).after(9, run -> run.stop("a test"));
        assertThat(train(first, "parts")).isEqualTo(new RunOutcome.Stopped("stopped by a test"));
        Told second = new Told();
        assertThat(train(second, "parts")).isInstanceOf(RunOutcome.Finished.class);

        assertThat(second.rates).hasSize(11).containsOnly(SET);
        assertThat(second.parameters).isEqualTo(whole.parameters);
    }

    @Test
    void aCheckpointThatWasAskedForIsWrittenAtOnceAndStays() throws IOException {
        List<String> files = new ArrayList<>();
        List<Boolean> there = new ArrayList<>();
        Told told = new Told().after(3, run -> {
            String file = run.checkpoint();
            files.add(file);
            there.add(Files.exists(Path.of(file)));
        });
        train(told, "kept");
        assertThat(there).containsExactly(true);
        assertThat(Path.of(files.get(0)))
                .as("three epochs and their checkpoints later")
                .hasFileName("iteration-3.zip")
                .exists();
        try (Stream<Path> all = Files.list(folder.resolve("kept"))) {
            assertThat(all.filter(f -> f.toString().endsWith(".zip")))
                    .as("of five: it, the newest, and the best epoch's")
                    .hasSizeLessThanOrEqualTo(3);
        }
    }
}
