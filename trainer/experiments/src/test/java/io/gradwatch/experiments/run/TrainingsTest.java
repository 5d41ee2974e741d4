package io.gradwatch.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.experiments.checkpoint.CheckpointStore;
import io.gradwatch.experiments.checkpoint.RunInUseException;
import io.gradwatch.experiments.data.ImageData;
import io.gradwatch.experiments.data.SyntheticImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingsTest {
    /** With batches of 20: 3 steps an epoch. */
    private static final ImageData DATA = SyntheticImages.generate(60, 20, 20, 3);

    @TempDir
    Path home;

    @Test
    void returnsTheResultOfARunThatHasReachedItsEndWithoutTrainingAgain() throws IOException {
        Attempt first = run(settings(2), DATA, Integer.MAX_VALUE);
        Attempt second = run(settings(2), DATA, Integer.MAX_VALUE);

        assertThat(second.outcome).isEqualTo(first.outcome).isInstanceOf(RunOutcome.Finished.class);
        assertThat(second.attempt).as("not begun").isZero();
    }

    @Test
    void countsAnAttemptThatWasKilledBeforeItsFirstCheckpoint() throws IOException {
        // only the manifest is there, as after a SIGKILL in the first epoch
        try (CheckpointKeeper killed =
                CheckpointKeeper.ofNew(description(settings(2), DATA), new Checkpointing(store(), 2), warning -> {})) {
            assertThat(killed.attempt()).isEqualTo(1);
        }

        Attempt second = run(settings(2), DATA, Integer.MAX_VALUE);

        assertThat(second.attempt).isEqualTo(2);
        assertThat(second.firstIteration).isZero();
        assertThat(second.outcome).isInstanceOf(RunOutcome.Finished.class);
    }

    @Test
    void goesOnFromTheNewestGoodCheckpointAndWarnsOfADamagedOne() throws IOException {
        Attempt whole = new Attempt(Integer.MAX_VALUE);
        new Trainings(whole, Optional.empty()).start(description(settings(3), DATA), whole.recorder, whole.stop);
        run(settings(3), DATA, 7);
        Path newest = home.resolve("checkpoints/run-1/iteration-7.zip");
        Files.write(newest, new byte[] {1, 2, 3});

        Attempt second = run(settings(3), DATA, Integer.MAX_VALUE);

        assertThat(second.firstIteration).isEqualTo(6);
        assertThat(second.recorder.warnings)
                .containsExactly(
                        newest + " cannot be used: it has 3 bytes and is cut short; an older checkpoint is tried");
        assertThat(second.parameters).isEqualTo(whole.parameters);
        assertThat(newest).as("of no use any more").doesNotExist();
    }

    @Test
    void refusesOtherSettingsAndOtherData() throws IOException {
        run(settings(2), DATA, 2);

        assertThatThrownBy(() -> run(settings(9), DATA, 2))
                .isInstanceOf(ResumeException.class)
                .hasMessage("run run-1 was started with other settings: epochs 2, now 9; accepted are its own");
        assertThatThrownBy(() -> run(settings(2), SyntheticImages.generate(60, 20, 20, 4), 2))
                .isInstanceOf(ResumeException.class)
                .hasMessageContaining("accepted is the same data");
        assertThat(run(settings(2), DATA, 2).attempt)
                .as("refusals do not count")
                .isEqualTo(2);
    }

    @Test
    void refusesARunThatIsBeingTrained() throws IOException {
        Attempt first = new Attempt(2);
        Runnable stopping = first.recorder.afterEachStep;
        first.recorder.afterEachStep = () -> {
            assertThatThrownBy(() -> run(settings(2), DATA, 2)).isInstanceOf(RunInUseException.class);
            stopping.run();
        };

        trainings(first).startOrResume(description(settings(2), DATA), first.recorder, first.stop);

        assertThat(first.recorder.outcomes).first().isInstanceOf(RunOutcome.Stopped.class);
    }

    @Test
    void trainsOnWhereCheckpointsCannotBeWrittenAndSaysSoEachTimeAndAtTheEnd() throws IOException {
        Path inTheWay = Files.createFile(home.resolve("checkpoints"));
        Attempt attempt = new Attempt(Integer.MAX_VALUE);

        RunOutcome outcome = trainings(attempt).start(description(settings(2), DATA), attempt.recorder, attempt.stop);

        assertThat(outcome).isInstanceOf(RunOutcome.Finished.class);
        // at the start, after two epochs, before and after the test
        assertThat(attempt.recorder.warnings)
                .hasSize(5)
                .allSatisfy(warning -> assertThat(warning)
                        .startsWith("checkpoint not written, training goes on without it: ")
                        .contains(inTheWay.toString()));
        assertThat(attempt.recorder.summary).contains("NO CHECKPOINT written; 5 failures to write, the last: ");
    }

    @Test
    void writesAgainAsSoonAsItCan() throws IOException {
        Path inTheWay = Files.createFile(home.resolve("checkpoints"));
        Attempt attempt = new Attempt(Integer.MAX_VALUE);
        attempt.recorder.afterEachEpoch = () -> {
            if (attempt.recorder.epochs.size() == 1) {
                assertThat(inTheWay.toFile().delete()).isTrue();
            }
        };

        trainings(attempt).start(description(settings(2), DATA), attempt.recorder, attempt.stop);

        assertThat(attempt.recorder.warnings).hasSize(2);
        assertThat(attempt.recorder.summary)
                .contains("newest checkpoint iteration-6.zip")
                .contains("2 failures");
        assertThat(store().runs().get(0).manifest().end()).isNotNull();
    }

    @Test
    void givesBackTheMemoryOfEachRun() throws IOException {
        long afterTwo = 0;
        for (int i = 1; i <= 7; i++) {
            Attempt attempt = new Attempt(Integer.MAX_VALUE);
            RunDescription large = new RunDescription(
                    "run-" + i, "n", List.of(), largeSettings(), DATA, Map.of("threads", "2"), Map.of());
            trainings(attempt).startOrResume(large, attempt.recorder, attempt.stop);
            assertThat(attempt.recorder.outcomes).first().isInstanceOf(RunOutcome.Finished.class);
            afterTwo = i == 2 ? residentKilobytes() : afterTwo;
        }

        // a run has more than 100 MB; allocators and the just-in-time compiler need some room
        assertThat(residentKilobytes() - afterTwo).isLessThan(80_000);
    }

    private static TrainingSettings largeSettings() {
        TrainingSettings base = settings(1);
        return new TrainingSettings(
                base.preset(),
                base.spec().withFilters(32),
                1,
                OptionalLong.of(2),
                60,
                base.learningRate(),
                base.schedule(),
                0,
                1,
                base.augmentation(),
                1);
    }

    private static long residentKilobytes() throws IOException {
        System.gc();
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    private Attempt run(TrainingSettings settings, ImageData data, int stopAfter) throws IOException {
        Attempt attempt = new Attempt(stopAfter);
        attempt.outcome = trainings(attempt).startOrResume(description(settings, data), attempt.recorder, attempt.stop);
        return attempt;
    }

    private Trainings trainings(Attempt attempt) {
        return new Trainings(attempt, Optional.of(new Checkpointing(store(), 2)));
    }

    private CheckpointStore store() {
        return new CheckpointStore(home.resolve("checkpoints"));
    }

    private static RunDescription description(TrainingSettings settings, ImageData data) {
        return new RunDescription(
                "run-1", "n", List.of("t"), settings, data, Map.of("threads", "2", "data", "synthetic"), Map.of());
    }

    private static TrainingSettings settings(int epochs) {
        TrainingSettings base = SmallRuns.normalised(epochs);
        return new TrainingSettings(
                base.preset(),
                base.spec().withFilters(2),
                epochs,
                OptionalLong.empty(),
                20,
                0.01,
                base.schedule(),
                0,
                1,
                base.augmentation(),
                1);
    }
}
