package io.gradwatch.telemetry.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
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
    void isSilentAfterThirtySecondsWithoutARecord() {
        iteration(1, 0, 50, 2_000);
        assertThat(tracker.isNowSilent(32_000)).isFalse();
        assertThat(tracker.isNowSilent(32_001)).isTrue();
        assertThat(tracker.isNowSilent(32_002)).isFalse(); // it is already
        iteration(1, 1, 50, 40_000);
        assertThat(tracker.summary().phase()).isEqualTo(RunPhase.RUNNING);
    }

    @Test
    void hasMorePatienceWithSlowRuns() {
        for (int i = 0; i < 5; i++) {
            iteration(1, i, 6_000, 2_000);
        }
        assertThat(tracker.isNowSilent(2_000 + 120_000)).isFalse();
        assertThat(tracker.isNowSilent(2_000 + 120_001)).isTrue();
    }

    @Test
    void isNotSilentOnceItHasEnded() {
        end(1, RunEnded.Outcome.STOPPED);
        assertThat(tracker.isNowSilent(Long.MAX_VALUE / 2)).isFalse();
    }

    @Test
    void keepsTheBestValidationAccuracyAndTheNewest() {
        for (float accuracy : new float[] {0.2f, 0.5f, Float.NaN, 0.3f}) {
            tracker.epoch(
                    new EpochRecord(
                            "a",
                            1,
                            0,
                            0,
                            0,
                            Epoch.newBuilder().setValidationAccuracy(accuracy).build()),
                    2_000);
        }
        assertThat(tracker.summary().bestValidationAccuracy()).isEqualTo(0.5f);
        assertThat(tracker.summary().validationAccuracy()).isEqualTo(0.3f);
        assertThat(tracker.summary().validationLoss()).isNull();
    }

    @Test
    void goesOnWhereItWasAfterARestart() {
        for (int i = 0; i < 5; i++) {
            iteration(1, i, 6_000, 2_000);
        }
        RunTracker again = new RunTracker(tracker.summary(), List.of(6_000f, 6_000f), List.of(), List.of());
        assertThat(again.summary()).isEqualTo(tracker.summary());
        assertThat(again.summary().attempts()).containsExactly(new AttemptRange(1, 0, 4, 5));
        assertThat(again.isNowSilent(2_000 + 120_000)).isFalse();
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
