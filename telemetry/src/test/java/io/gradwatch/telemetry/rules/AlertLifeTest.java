package io.gradwatch.telemetry.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.contract.v1.TrainerState;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.gradwatch.telemetry.stream.RunDescription;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How alerts begin, change and end, and that it does not matter where the evaluation is cut in two. */
class AlertLifeTest {
    private static final float[] DEAD = Run.flat(38, 1e-12);
    private static final float[] HEALTHY = Run.flat(38, 1e-3);

    @Test
    void recoversAndIsResolvedAfterTheTimeToKeep() {
        Run run = Run.standard().feed(40, DEAD).feed(600, HEALTHY);

        List<Alert> alerts = run.of("vanish-floor");
        assertThat(alerts)
                .extracting(Alert::getState)
                .containsExactly(Alert.State.PENDING, Alert.State.FIRING, Alert.State.RECOVERING, Alert.State.RESOLVED);
        assertThat(alerts).extracting(Alert::getTransition).containsExactly(1, 2, 3, 4);
        Alert recovering = alerts.get(2);
        Alert resolved = alerts.get(3);
        assertThat(recovering.getLayersCount())
                .as("layers of the last firing transition")
                .isEqualTo(38);
        assertThat(recovering.getMessage())
                .isEqualTo("0 of 38 layers receive a gradient below 1e-7. Resolved if it stays so for 200 iterations.");
        assertThat(resolved.getLastIteration() - recovering.getLastIteration()).isEqualTo(199);
        assertThat(resolved.getFirstIteration()).isZero();
        assertThat(resolved.getMessage()).endsWith("It has stayed so for 200 iterations.");
    }

    @Test
    void hasNoDataWhenWhatItIsJudgedByCeasesToCome() {
        Run run = Run.standard()
                .feed(40, DEAD)
                .iterations(1_500, it -> Iteration.newBuilder().setLoss(4.6f));
        assertThat(run.story("vanish-floor"))
                .as("three epochs of unknown length")
                .hasSize(2);
        run.iterations(1, it -> Iteration.newBuilder().setLoss(4.6f));

        Alert noData = run.of("vanish-floor").get(2);
        assertThat(noData.getState()).isEqualTo(Alert.State.NO_DATA);
        assertThat(noData.getLastIteration()).isEqualTo(1_540);
        assertThat(noData.getMessage()).isEqualTo("What this rule judges by has not come for 1501 iterations.");
        assertThat(noData.getLayersCount()).isEqualTo(38);

        run.feed(1, DEAD);
        assertThat(run.story("vanish-floor")).last().isEqualTo("FIRING CRITICAL 1541");
    }

    @Test
    void isResolvedAfterNoDataWhenTheConditionStaysAway() {
        Run run = Run.standard()
                .feed(40, DEAD)
                .iterations(1_600, it -> Iteration.newBuilder().setLoss(4.6f))
                .feed(600, HEALTHY);
        assertThat(run.of("vanish-floor"))
                .extracting(Alert::getState)
                .containsSubsequence(Alert.State.NO_DATA, Alert.State.RESOLVED)
                .endsWith(Alert.State.RESOLVED);
    }

    @Test
    void whatIsSampledRarelyIsNotMissedBetweenTwoSamples() {
        Run run = Run.standard();
        for (int sample = 0; sample < 30; sample++) {
            run.feed(1, DEAD)
                    .iterations(sample * 100, it -> Iteration.newBuilder().setLoss(4.6f));
        }
        assertThat(run.of("vanish-floor")).extracting(Alert::getState).doesNotContain(Alert.State.NO_DATA);
    }

    @Test
    void aSilenceIsTheSameWhereALaterAttemptsIterationsWereReadBefore() {
        TrainerState silent = TrainerState.newBuilder()
                .setState(TrainerState.State.SILENT)
                .setIteration(39)
                .setSilentMs(31_400)
                .setPatienceMs(30_000)
                .build();
        Run asItHappened = Run.standard().feed(40, HEALTHY);
        asItHappened.trainer(silent);
        Run rebuilt = Run.standard().feed(40, HEALTHY);
        rebuilt.attempt = 2;
        rebuilt.feed(60, HEALTHY);
        rebuilt.attempt = 1;
        rebuilt.trainer(silent);

        assertThat(rebuilt.story("silent-run"))
                .isEqualTo(asItHappened.story("silent-run"))
                .containsExactly("PENDING WARNING 39", "FIRING WARNING 39");
        assertThat(rebuilt.of("silent-run").get(1).getAlertId())
                .isEqualTo(asItHappened.of("silent-run").get(1).getAlertId());
    }

    @Test
    void aRunIsSilentFromOneWordInTheLogToTheNext() {
        Run run = Run.standard().feed(40, HEALTHY);
        TrainerState silent = TrainerState.newBuilder()
                .setState(TrainerState.State.SILENT)
                .setIteration(39)
                .setSilentMs(31_400)
                .setPatienceMs(30_000)
                .build();
        run.trainer(silent);
        run.trainer(silent);
        assertThat(run.story("silent-run")).containsExactly("PENDING WARNING 39", "FIRING WARNING 39");
        Alert firing = run.of("silent-run").get(1);
        assertThat(firing.getMessage())
                .startsWith("Nothing has come from this run for 31 s; its newest iteration is 39.");
        assertThat(firing.getInputsMap()).containsEntry("silent_s", 31.4);
        assertThat(firing.getThresholdsMap()).containsEntry("patience_s", 30.0);

        run.feed(2_000, HEALTHY);
        assertThat(run.story("silent-run"))
                .as("iterations say nothing about it")
                .hasSize(2);
        run.trainer(TrainerState.newBuilder()
                .setState(TrainerState.State.TRAINING)
                .setIteration(2_039)
                .build());
        assertThat(run.story("silent-run")).endsWith("RECOVERING WARNING 2039", "RESOLVED WARNING 2039");
    }

    @Test
    void theSmoothedGradientTakesItsHalfLifeToRecover() {
        Run run = Run.standard().feed(40, DEAD).feed(100, HEALTHY);

        // 9 decades up; above -7 after 5/9 of the way: 1 - 2^(-n/20) > 5/9, n > 23.4
        assertThat(run.story("vanish-floor")).last().isEqualTo("RECOVERING CRITICAL 63");
    }

    @Test
    void firesAgainAtOnceWhenItVanishesWhileRecovering() {
        Run run = Run.standard().feed(40, DEAD).feed(100, HEALTHY).feed(100, DEAD);

        assertThat(run.of("vanish-floor"))
                .extracting(Alert::getState)
                .containsExactly(Alert.State.PENDING, Alert.State.FIRING, Alert.State.RECOVERING, Alert.State.FIRING);
        assertThat(run.of("vanish-floor")).extracting(Alert::getAlertId).containsOnly(Run.ID + "/vanish-floor/0/1");
    }

    @Test
    void flappingEachIterationIsSmoothedAway() {
        Run run = Run.standard().feed(2000, it -> it % 2 == 0 ? Run.flat(38, 1e-9) : Run.flat(38, 2e-6));

        assertThat(run.story("vanish-floor").stream().map(t -> t.substring(0, t.lastIndexOf(' '))))
                .containsExactly("PENDING CRITICAL", "FIRING CRITICAL", "FIRING WARNING");
        assertThat(run.of("vanish-depth")).isEmpty();
    }

    @Test
    void isResolvedUnfiredWhenTheConditionBreaksEarly() {
        Run run = Run.standard().feed(1, Run.flat(38, 5e-8)).feed(300, HEALTHY);

        assertThat(run.story("vanish-floor")).containsExactly("PENDING WARNING 0", "RESOLVED WARNING 3");
        assertThat(run.of("vanish-floor").get(1).getMessage()).endsWith("The alert never fired.");
    }

    @Test
    void aLaterAlertHasItsOwnId() {
        Run run = Run.standard().feed(1, Run.flat(38, 5e-8)).feed(300, HEALTHY).feed(200, DEAD);

        assertThat(run.of("vanish-floor").get(2).getAlertId())
                .matches(Run.ID + "/vanish-floor/3\\d\\d/1")
                .doesNotContain("/300/");
        assertThat(run.of("vanish-floor").get(2).getTransition()).isEqualTo(1);
    }

    @Test
    void escalatesWhenCriticalHasHeldAsLong() {
        float[] half = Run.flat(38, 1e-4);
        Arrays.fill(half, 0, 12, 5e-8f);
        float[] more = half.clone();
        Arrays.fill(more, 0, 30, 1e-30f);

        Run run = Run.standard().feed(50, half).feed(200, more);

        assertThat(run.story("vanish-floor").subList(0, 2)).containsExactly("PENDING WARNING 0", "FIRING WARNING 19");
        assertThat(run.story("vanish-floor")).hasSize(3).last().asString().startsWith("FIRING CRITICAL ");
    }

    @Test
    void comesDownToAWarningWhenCriticalIsGoneForTheTimeToKeep() {
        float[] warning = Run.flat(38, 1e-4);
        Arrays.fill(warning, 0, 12, 5e-8f);

        Run run = Run.standard().feed(40, DEAD).feed(600, warning);

        assertThat(run.of("vanish-floor"))
                .extracting(a -> a.getState() + " " + a.getSeverity())
                .containsExactly("PENDING CRITICAL", "FIRING CRITICAL", "FIRING WARNING");
    }

    @Test
    void nothingFiresBeforeTheWarmUpIsOver() {
        VanishFloor quick = new VanishFloor(9, -7, 0.25, -8, 0.5, 0.1, 1, new Timing(2, 5, 20));

        Run run = new Run(new RuleEngine(List.of(quick)), RunStarted.getDefaultInstance()).feed(40, DEAD);

        assertThat(run.story("vanish-floor")).containsExactly("PENDING CRITICAL 0", "FIRING CRITICAL 19");
    }

    @Test
    void aConditionForOneIterationIsPendingAndFiringAtOnce() {
        VanishFloor eager = new VanishFloor(9, -7, 0.25, -8, 0.5, 0.1, 1, new Timing(1, 1, 0));

        Run run = new Run(new RuleEngine(List.of(eager)), RunStarted.getDefaultInstance()).feed(1, DEAD);

        assertThat(run.story("vanish-floor")).containsExactly("PENDING CRITICAL 0", "FIRING CRITICAL 0");
    }

    @Test
    void aRecordSeenTwiceChangesNothing() {
        Run run = Run.standard().feed(19, DEAD);
        IterationRecord twentieth = run.next(DEAD);
        run.evaluate(twentieth);
        RunState after = run.state;

        run.evaluate(twentieth);

        assertThat(run.state).isSameAs(after);
        assertThat(run.transitions)
                .filteredOn(a -> a.getState() == Alert.State.FIRING)
                .hasSize(1);
    }

    @Test
    void anIterationRepeatedWithinItsAttemptIsNotCounted() {
        Run run = Run.standard().feed(19, DEAD);
        run.iteration = 5;

        run.feed(14, DEAD);

        assertThat(run.firing()).isEmpty();
        assertThat(run.state.seq()).isEqualTo(run.seq);
    }

    @Test
    void aNewAttemptGoesOnWhereItRepeatsIterations() {
        Run run = Run.standard().feed(15, DEAD);
        run.attempt = 2;
        run.iteration = 10;

        run.feed(5, DEAD);

        assertThat(run.story("vanish-floor")).containsExactly("PENDING CRITICAL 0", "FIRING CRITICAL 14");
        assertThat(run.of("vanish-floor").get(1).getAlertId()).isEqualTo(Run.ID + "/vanish-floor/0/1");
    }

    @Test
    void aStragglerOfAnEarlierAttemptIsNotCounted() {
        Run run = Run.standard().feed(10, DEAD);
        run.attempt = 2;
        run.feed(5, DEAD);
        RunState before = run.state;
        run.attempt = 1;
        run.iteration = 500;

        run.feed(10, HEALTHY);

        assertThat(run.state.alerts()).isEqualTo(before.alerts());
        assertThat(run.state.smoothed()).isEqualTo(before.smoothed());
    }

    @Test
    void evaluationIsTheSameWhereverItIsInterrupted() {
        Random random = new Random(5);
        List<IterationRecord> records = new ArrayList<>();
        Run source = Run.standard();
        for (int i = 0; i < 1500; i++) {
            int phase = i / 250 % 3;
            records.add(source.next(Run.flat(38, Math.pow(10, (phase == 1 ? -10 : -4) - 2 * random.nextDouble()))));
        }
        Run straight = Run.standard();
        Run broken = Run.standard();
        for (IterationRecord record : records) {
            straight.evaluate(record);
            if (random.nextInt(10) == 0) {
                broken.state = RunState.fromBytes(broken.state.toBytes());
            }
            broken.evaluate(record);
            if (random.nextInt(10) == 0) {
                broken.evaluate(record);
            }
        }

        assertThat(straight.transitions).hasSizeGreaterThan(4);
        assertThat(broken.transitions).isEqualTo(straight.transitions);
        assertThat(broken.state).isEqualTo(straight.state);
        assertThat(broken.state.toBytes()).isEqualTo(straight.state.toBytes());
    }

    @Test
    void evaluationIsPure() {
        Run run = Run.standard().feed(19, DEAD);
        RunDescription description = new RunDescription(Run.ID, 1, RunStarted.getDefaultInstance());
        IterationRecord record = run.next(DEAD);

        Verdict once = RuleEngine.standard().evaluate(description, record, run.state);
        Verdict twice = RuleEngine.standard().evaluate(description, record, run.state);

        assertThat(twice).isEqualTo(once);
        assertThat(once.transitions()).hasSize(1);
    }

    @Test
    void refusesDamagedStates() {
        byte[] good = Run.standard().feed(30, DEAD).state.toBytes();

        assertThat(RunState.fromBytes(RunState.EMPTY.toBytes())).isEqualTo(RunState.EMPTY);
        assertThatThrownBy(() -> RunState.fromBytes(Arrays.copyOf(good, good.length - 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ends too early");
        assertThatThrownBy(() -> RunState.fromBytes(Arrays.copyOf(good, good.length + 1)))
                .hasMessageContaining("after its end");
        byte[] other = good.clone();
        other[3] = 1;
        assertThatThrownBy(() -> RunState.fromBytes(other)).hasMessageContaining("version 1; accepted is 2");
    }
}
