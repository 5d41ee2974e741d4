package io.gradwatch.listener.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.Acknowledgement;
import io.gradwatch.contract.v1.Acknowledgement.Outcome;
import io.gradwatch.contract.v1.Checkpoint;
import io.gradwatch.contract.v1.Command;
import io.gradwatch.contract.v1.DryRun;
import io.gradwatch.contract.v1.Pause;
import io.gradwatch.contract.v1.Resume;
import io.gradwatch.contract.v1.SetLearningRate;
import io.gradwatch.contract.v1.StartTwin;
import io.gradwatch.contract.v1.Stop;
import io.gradwatch.contract.v1.TrainerState;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class CommandDeskTest {
    private static final long NOW = 1_800_000_000_000L;

    private final CommandInbox inbox = new CommandInbox();
    private final List<Acknowledgement> answers = new CopyOnWriteArrayList<>();
    private final List<TrainerState> states = new CopyOnWriteArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private OptionalDouble rate = OptionalDouble.of(0.001);

    private CommandDesk desk(TrainingCommands application) {
        LearningRate learningRate = new LearningRate() {
            @Override
            public OptionalDouble now() {
                return rate;
            }

            @Override
            public void set(double value) {
                rate = OptionalDouble.of(value);
            }
        };
        Answers to = new Answers() {
            @Override
            public void send(Acknowledgement answer) {
                answers.add(answer);
            }

            @Override
            public void send(TrainerState state) {
                states.add(state);
            }
        };
        Clock clock = Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC);
        return new CommandDesk(inbox, application, learningRate, to, clock, nanos::get);
    }

    private static Command.Builder command(String id) {
        return Command.newBuilder().setCommandId(id).setExpiresAtMs(NOW + 1).setIssuedBy("ada");
    }

    private static Command rate(String id, double value) {
        return command(id)
                .setSetLearningRate(SetLearningRate.newBuilder().setLearningRate(value))
                .build();
    }

    private static Command factor(String id, double value) {
        return command(id)
                .setSetLearningRate(SetLearningRate.newBuilder().setFactor(value))
                .build();
    }

    private static Command pause(String id) {
        return command(id).setPause(Pause.getDefaultInstance()).build();
    }

    private static Command resume(String id) {
        return command(id).setResume(Resume.getDefaultInstance()).build();
    }

    private Acknowledgement obeyed(Command command) {
        inbox.add(command);
        desk(TrainingCommands.accepted()).obey(7);
        assertThat(answers).hasSize(1);
        return answers.get(0);
    }

    @Test
    void setsTheLearningRateAndSaysAtWhichIterationAndWhatItWas() {
        Acknowledgement answer = obeyed(rate("c", 2.5e-4));
        assertThat(answer.getOutcome()).isEqualTo(Outcome.APPLIED);
        assertThat(answer.getIteration()).isEqualTo(7);
        assertThat(answer.getDetail()).isEqualTo("learning rate 0.001 → 0.00025");
        assertThat(rate).hasValue(2.5e-4);
    }

    @Test
    void aFactorMultipliesThePresentLearningRate() {
        assertThat(obeyed(factor("c", 0.1)).getDetail()).isEqualTo("learning rate 0.001 → 0.0001");
        assertThat(rate.getAsDouble()).isCloseTo(1e-4, org.assertj.core.data.Offset.offset(1e-12));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void refusesALearningRateOrFactorThatIsNotFiniteAndAboveZero(double value) {
        inbox.add(rate("a", value));
        inbox.add(factor("b", value));
        desk(TrainingCommands.accepted()).obey(7);
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.getOutcome()).isEqualTo(Outcome.REFUSED);
            assertThat(answer.getReason()).contains("" + value).contains("accepted is a finite number above 0");
        });
        assertThat(answers).hasSize(2);
        assertThat(rate).hasValue(0.001);
    }

    @Test
    void refusesWhatThisApplicationCannotDo() {
        inbox.add(command("a").setStop(Stop.getDefaultInstance()).build());
        inbox.add(command("b").setCheckpoint(Checkpoint.getDefaultInstance()).build());
        inbox.add(command("c").build());
        inbox.add(resume("d"));
        rate = OptionalDouble.empty();
        inbox.add(rate("e", 0.1));
        desk(TrainingCommands.accepted()).obey(3);
        assertThat(answers).extracting(Acknowledgement::getOutcome).containsOnly(Outcome.REFUSED);
        assertThat(answers)
                .extracting(Acknowledgement::getReason)
                .satisfiesExactly(
                        one -> assertThat(one).contains("cannot be stopped"),
                        one -> assertThat(one).contains("no checkpoints"),
                        one -> assertThat(one).contains("does not know the action"),
                        one -> assertThat(one).contains("not paused"),
                        one -> assertThat(one).contains("no learning rate"));
    }

    @Test
    void refusesWhatHasExpired() {
        Command late = command("c")
                .setExpiresAtMs(NOW - 1_500)
                .setPause(Pause.getDefaultInstance())
                .build();
        assertThat(obeyed(late).getReason()).contains("too late").contains("1.5 s ago");
    }

    @Test
    void aCommandThatNeverExpiresIsObeyed() {
        Command patient = rate("c", 0.5).toBuilder().setExpiresAtMs(0).build();
        assertThat(obeyed(patient).getOutcome()).isEqualTo(Outcome.APPLIED);
    }

    @Test
    void obeysAnIdOnceHoweverOftenItComes() {
        CommandDesk desk = desk(TrainingCommands.accepted());
        inbox.add(factor("same", 0.1));
        inbox.add(factor("same", 0.1));
        desk.obey(1);
        inbox.add(factor("same", 0.1));
        desk.obey(2);
        assertThat(answers).hasSize(1);
        assertThat(rate.getAsDouble()).isCloseTo(1e-4, org.assertj.core.data.Offset.offset(1e-12));
    }

    @Test
    void passesOverWhatIsNotForATrainer() {
        inbox.add(command("a")
                .setDryRun(DryRun.newBuilder().setWould(Command.newBuilder().setStop(Stop.getDefaultInstance())))
                .build());
        inbox.add(command("b").setStartTwin(StartTwin.getDefaultInstance()).build());
        assertThat(inbox.isEmpty()).isTrue();
    }

    @Test
    void callsTheApplicationAndReportsWhatItSays() {
        List<String> stops = new CopyOnWriteArrayList<>();
        List<String> told = new CopyOnWriteArrayList<>();
        TrainingCommands application = TrainingCommands.accepted()
                .onStop(stops::add)
                .onCheckpoint(() -> "iteration-8.zip")
                .onAnswer(told::add);
        inbox.add(command("a").setCheckpoint(Checkpoint.getDefaultInstance()).build());
        inbox.add(command("b")
                .setReason("enough")
                .setStop(Stop.getDefaultInstance())
                .build());
        desk(application).obey(7);
        assertThat(answers).extracting(Acknowledgement::getOutcome).containsOnly(Outcome.APPLIED);
        assertThat(answers.get(0).getDetail()).isEqualTo("iteration-8.zip");
        assertThat(stops).containsExactly("ada (enough)");
        assertThat(told.get(0)).isEqualTo("checkpoint by ada took effect after iteration 7: iteration-8.zip");
    }

    @Test
    void aCallbackThatFailsRefusesItsCommandAndNothingElse() {
        TrainingCommands application = TrainingCommands.accepted()
                .onCheckpoint(() -> {
                    throw new IllegalStateException("disk full");
                })
                .onLearningRate(value -> {
                    throw new CommandRefusedException("not while warming up");
                });
        inbox.add(command("a").setCheckpoint(Checkpoint.getDefaultInstance()).build());
        inbox.add(rate("b", 0.1));
        desk(application).obey(7);
        assertThat(answers)
                .extracting(Acknowledgement::getReason)
                .containsExactly("it failed: disk full", "not while warming up");
    }

    @Test
    void aPauseHoldsTheThreadUntilItIsResumedAndObeysMeanwhile() throws InterruptedException {
        CommandDesk desk = desk(TrainingCommands.accepted());
        inbox.add(pause("a"));
        Thread training = new Thread(() -> desk.obey(12), "training");
        training.start();
        // the answer is given first, then the state is told
        until(() -> answers.size() == 1 && states.size() == 1);
        assertThat(states).extracting(TrainerState::getState).containsExactly(TrainerState.State.PAUSED);

        inbox.add(rate("b", 0.5));
        inbox.add(pause("c"));
        until(() -> answers.size() == 3);
        nanos.addAndGet(CommandDesk.HEARTBEAT.toNanos());
        until(() -> states.size() == 2);
        training.join(100);
        assertThat(training.isAlive()).isTrue();

        inbox.add(resume("d"));
        training.join(5_000);
        assertThat(training.isAlive()).isFalse();
        assertThat(answers).extracting(Acknowledgement::getIteration).containsOnly(12L);
        assertThat(answers)
                .extracting(Acknowledgement::getOutcome)
                .containsExactly(Outcome.APPLIED, Outcome.APPLIED, Outcome.REFUSED, Outcome.APPLIED);
        assertThat(answers.get(2).getReason()).contains("paused already");
        assertThat(states)
                .extracting(TrainerState::getState)
                .containsExactly(TrainerState.State.PAUSED, TrainerState.State.PAUSED, TrainerState.State.TRAINING);
        assertThat(states).extracting(TrainerState::getIteration).containsOnly(12L);
    }

    @Test
    void aPauseEndsWithAStopWithTheApplicationWithAnInterruptAndWithTheRun() throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        endsThePause(
                TrainingCommands.accepted().onStop(why -> {}),
                "stop",
                training -> inbox.add(
                        command("s").setStop(Stop.getDefaultInstance()).build()));
        endsThePause(TrainingCommands.accepted().pauseUntil(over::get), "application", training -> over.set(true));
        endsThePause(TrainingCommands.accepted(), "interrupt", Thread::interrupt);
        CommandDesk[] desk = new CommandDesk[1];
        endsThePause(TrainingCommands.accepted(), "close", training -> desk[0].close(5), desk);
    }

    private void endsThePause(TrainingCommands application, String id, Consumer<Thread> end, CommandDesk... out)
            throws InterruptedException {
        CommandDesk desk = desk(application);
        if (out.length > 0) {
            out[0] = desk;
        }
        answers.clear();
        inbox.add(pause(id));
        Thread training = new Thread(() -> desk.obey(5), "training");
        training.start();
        until(() -> !answers.isEmpty());
        end.accept(training);
        training.join(2_000);
        assertThat(training.isAlive()).as(id).isFalse();
    }

    @Test
    void refusesWhatIsLeftWhenTheRunEnds() {
        CommandDesk desk = desk(TrainingCommands.accepted());
        inbox.add(pause("a"));
        desk.close(99);
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0).getReason()).isEqualTo("the run has ended");
        assertThat(answers.get(0).getIteration()).isEqualTo(99);
        assertThat(desk.hasWork()).isFalse();
    }

    private static void until(java.util.function.BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(5);
        }
    }
}
