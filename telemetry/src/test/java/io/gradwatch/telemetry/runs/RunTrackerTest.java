package io.gradwatch.telemetry.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.Curvature;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.Result;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunTrackerTest {
    private static final RunStarted STARTED =
            RunStarted.newBuilder().setName("vgg38").setStartedAtMs(5).build();

    private final RunTracker tracker = RunTracker.announced("a", 1, STARTED, 1_000);

    @Test
    void staysFinishedWhenItsLastIterationsAreReadAfterItsEnd() {
        end(1, RunEnded.Outcome.FINISHED);
        iteration(1, 99, 50, 2_000);
        assertThat(tracker.summary().phase()).isEqualTo(RunPhase.FINISHED);
        assertThat(tracker.summary().iteration()).isEqualTo(99);
    }

    @Test
    void runsAgainWithTheNextAttempt() {
        end(1, RunEnded.Outcome.FAILED);
        assertThat(tracker.summary().reason()).isEqualTo("because");
        tracker.started(2, STARTED, 3_000);
        assertThat(tracker.summary().phase()).isEqualTo(RunPhase.RUNNING);
        assertThat(tracker.summary().endedAtMs()).isNull();
        assertThat(tracker.summary().reason()).isEmpty();
        assertThat(tracker.summary().description().attempt()).isEqualTo(2);
    }

    @Test
    void ignoresTheEndOfAnAttemptThatAnotherOneHasFollowed() {
        iteration(2, 10, 50, 2_000);
        end(1, RunEnded.Outcome.FAILED);
        assertThat(tracker.summary().phase()).isEqualTo(RunPhase.RUNNING);
    }

    @Test
    void knowsRepetitionsOfAnAttemptThatHasNoGapAndIsNotSureWithOne() {
        for (long i = 10; i < 20; i++) {
            iteration(1, i, 50, 2_000);
        }
        AttemptRange whole = tracker.summary().attempts().get(0);
        assertThat(whole.has(9)).isEqualTo(AttemptRange.Has.NO);
        assertThat(whole.has(10)).isEqualTo(AttemptRange.Has.YES);
        assertThat(whole.has(19)).isEqualTo(AttemptRange.Has.YES);
        assertThat(whole.has(20)).isEqualTo(AttemptRange.Has.NO);

        iteration(1, 25, 50, 2_000);
        AttemptRange gap = tracker.summary().attempts().get(0);
        assertThat(gap.has(22)).isEqualTo(AttemptRange.Has.PERHAPS);
        assertThat(gap.has(15)).isEqualTo(AttemptRange.Has.PERHAPS);
        assertThat(gap.has(26)).isEqualTo(AttemptRange.Has.NO);
    }

    @Test
    void isSilentAfterThirtySecondsWithoutARecord() {
        iteration(1, 0, 50, 2_000);
        assertThat(tracker.isNowSilent(32_000, 0)).isFalse();
        assertThat(tracker.isNowSilent(32_001, 0)).isTrue();
        assertThat(tracker.isNowSilent(32_002, 0)).isFalse(); // it is already
        iteration(1, 1, 50, 40_000);
        assertThat(tracker.summary().phase()).isEqualTo(RunPhase.RUNNING);
    }

    @Test
    void hasMorePatienceWithSlowRuns() {
        for (int i = 0; i < 5; i++) {
            iteration(1, i, 6_000, 2_000);
        }
        assertThat(tracker.isNowSilent(2_000 + 120_000, 0)).isFalse();
        assertThat(tracker.isNowSilent(2_000 + 120_001, 0)).isTrue();
    }

    @Test
    void isNotSilentOnceItHasEnded() {
        end(1, RunEnded.Outcome.STOPPED);
        assertThat(tracker.isNowSilent(Long.MAX_VALUE / 2, 0)).isFalse();
    }

    @Test
    void keepsTheBestValidationAccuracyAndTheNewest() {
        float[] accuracies = {0.2f, 0.5f, Float.NaN, 0.3f};
        for (int e = 0; e < accuracies.length; e++) {
            epoch(1, e, 10 * e + 9, accuracies[e]);
        }
        assertThat(tracker.summary().bestValidationAccuracy()).isEqualTo(0.5f);
        assertThat(tracker.summary().validationAccuracy()).isEqualTo(0.3f);
        assertThat(tracker.summary().validationLoss()).isNull();
    }

    @Test
    void forgetsValidationsThatANewAttemptReplaces() {
        iteration(1, 0, 50, 2_000);
        iteration(1, 39, 50, 2_000);
        epoch(1, 0, 9, 0.2f);
        epoch(1, 1, 19, 0.3f);
        epoch(1, 2, 29, 0.9f); // of parameters that the next attempt does not go on from
        iteration(2, 20, 50, 2_000);

        assertThat(tracker.summary().validationAccuracy()).isEqualTo(0.3f);
        assertThat(tracker.summary().bestValidationAccuracy()).isEqualTo(0.3f);
        epoch(2, 2, 29, 0.4f);
        assertThat(tracker.summary().validationAccuracy()).isEqualTo(0.4f);
        assertThat(tracker.summary().bestValidationAccuracy()).isEqualTo(0.4f);
    }

    @Test
    void keepsTheResultUntilTheRunGoesOn() {
        Result result =
                Result.newBuilder().setBestEpoch(3).setTestAccuracy(0.5f).build();
        tracker.ended(
                1,
                RunEnded.newBuilder()
                        .setStarted(STARTED)
                        .setOutcome(RunEnded.Outcome.STOPPED)
                        .setResult(result)
                        .build(),
                2_000);
        assertThat(tracker.summary().result()).isEqualTo(result);
        tracker.started(2, STARTED, 3_000);
        assertThat(tracker.summary().phase()).isEqualTo(RunPhase.RUNNING);
        assertThat(tracker.summary().result()).isNull();
    }

    @Test
    void tellsWhatWasSampled() {
        iteration(1, 0, 50, 2_000);
        assertThat(tracker.summary().samples()).isEmpty();
        Iteration sampled = Iteration.newBuilder()
                .setIteration(1)
                .setCurvature(Curvature.getDefaultInstance())
                .build();
        tracker.iteration(new IterationRecord("a", 1, 0, 1, 0, sampled), 2_000);
        tracker.histograms(1, 2_000);
        assertThat(tracker.summary().samples()).containsExactly(Sample.CURVATURE, Sample.HISTOGRAMS);
    }

    @Test
    void goesOnWhereItWasAfterARestart() {
        for (int i = 0; i < 5; i++) {
            iteration(1, i, 6_000, 2_000);
        }
        RunTracker again = new RunTracker(tracker.summary(), List.of(6_000f, 6_000f), List.of(), List.of());
        assertThat(again.summary()).isEqualTo(tracker.summary());
        assertThat(again.summary().attempts()).containsExactly(new AttemptRange(1, 0, 4, 5));
        assertThat(again.isNowSilent(2_000 + 120_000, 0)).isFalse();
    }

    private void epoch(int attempt, int epoch, long iteration, float accuracy) {
        Epoch values = Epoch.newBuilder()
                .setEpoch(epoch)
                .setIteration(iteration)
                .setValidationAccuracy(accuracy)
                .build();
        tracker.epoch(new EpochRecord("a", attempt, 0, 0, 0, values), 2_000);
    }

    private void iteration(int attempt, long number, float ms, long seenAtMs) {
        Iteration iteration =
                Iteration.newBuilder().setIteration(number).setIterationMs(ms).build();
        tracker.iteration(new IterationRecord("a", attempt, 0, number, 0, iteration), seenAtMs);
    }

    private void end(int attempt, RunEnded.Outcome outcome) {
        RunEnded ended = RunEnded.newBuilder()
                .setStarted(STARTED)
                .setOutcome(outcome)
                .setReason("because")
                .setEndedAtMs(9)
                .build();
        tracker.ended(attempt, ended, 2_000);
    }
}
