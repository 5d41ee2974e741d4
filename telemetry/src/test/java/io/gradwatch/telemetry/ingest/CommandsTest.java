package io.gradwatch.telemetry.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.v1.Acknowledgement;
import io.gradwatch.contract.v1.Command;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.Pause;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.contract.v1.TrainerState;
import io.gradwatch.telemetry.history.CommandHistory;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.runs.RunPhase;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands, answers and pauses, from the log into history. */
class CommandsTest {
    private static final RunStarted STARTED =
            RunStarted.newBuilder().setName("a").build();

    @TempDir
    Path directory;

    private final LogFixture log = new LogFixture();

    @SuppressWarnings("NullAway.Init")
    private History history;

    @BeforeEach
    void open() throws Exception {
        history = History.open(directory, Clock.systemUTC());
        log.start("a", 1, STARTED);
    }

    @AfterEach
    void close() {
        history.close();
    }

    private void read() {
        var consumer = log.consumer();
        log.readAll(consumer, log.begin(consumer, history.writer()));
    }

    private static Envelope command(String runId, String id, long expiresAtMs) {
        return LogFixture.envelope(runId, 1)
                .setCommand(Command.newBuilder()
                        .setCommandId(id)
                        .setExpiresAtMs(expiresAtMs)
                        .setPause(Pause.getDefaultInstance()))
                .build();
    }

    private static Envelope answer(String id, Acknowledgement.Outcome outcome, long producedAtMs) {
        return LogFixture.envelope("a", 1)
                .setProducedAtMs(producedAtMs)
                .setAcknowledgement(Acknowledgement.newBuilder()
                        .setCommandId(id)
                        .setOutcome(outcome)
                        .setIteration(12)
                        .setReason(outcome == Acknowledgement.Outcome.REFUSED ? "paused already" : ""))
                .build();
    }

    private static Envelope state(TrainerState.State state, long iteration) {
        return LogFixture.envelope("a", 1)
                .setTrainerState(TrainerState.newBuilder().setState(state).setIteration(iteration))
                .build();
    }

    private void iteration(long number) {
        log.append(
                Topic.ITERATIONS,
                0,
                LogFixture.envelope("a", 1)
                        .setIteration(Iteration.newBuilder().setIteration(number))
                        .build());
    }

    private void commands(Envelope envelope) {
        log.append(Topic.COMMANDS, 0, envelope);
    }

    private RunPhase phase() {
        return history.runs().find("a").orElseThrow().phase();
    }

    @Test
    void areKeptWithTheirAnswersEachOnce() throws Exception {
        commands(command("a", "c-1", 1_000));
        commands(command("a", "c-1", 9_000));
        commands(command("a", "c-2", 1_000));
        commands(answer("c-1", Acknowledgement.Outcome.APPLIED, 500));
        read();
        commands(answer("c-1", Acknowledgement.Outcome.REFUSED, 600));
        commands(answer("c-2", Acknowledgement.Outcome.REFUSED, 1_500));
        read();
        history.close();
        history = History.open(directory, Clock.systemUTC());

        List<CommandHistory> all = history.commands().ofRun("a");
        assertThat(all).hasSize(2);
        CommandHistory first = history.commands().byId("a", List.of("c-1")).get(0);
        assertThat(first.state(2_000)).isEqualTo(CommandHistory.State.APPLIED);
        assertThat(first.isLate()).isFalse();
        assertThat(first.command().getExpiresAtMs()).isEqualTo(1_000);
        assertThat(first.answer().orElseThrow().acknowledgement().getIteration())
                .isEqualTo(12);
        CommandHistory second = history.commands().byId("a", List.of("c-2")).get(0);
        assertThat(second.state(2_000)).isEqualTo(CommandHistory.State.REFUSED);
        assertThat(second.isLate()).as("answered after its time").isTrue();
        assertThat(log.changes.get(log.changes.size() - 1).commands()).contains(new Feed.CommandKey("a", "c-2"));
    }

    @Test
    void withoutAnAnswerTheyTimeOut() {
        commands(command("a", "c-1", 1_000));
        commands(command("a", "c-2", 0));
        read();
        CommandHistory mortal = history.commands().byId("a", List.of("c-1")).get(0);
        assertThat(mortal.state(1_000)).isEqualTo(CommandHistory.State.SENT);
        assertThat(mortal.state(1_001)).isEqualTo(CommandHistory.State.TIMED_OUT);
        assertThat(history.commands().byId("a", List.of("c-2")).get(0).state(Long.MAX_VALUE))
                .isEqualTo(CommandHistory.State.SENT);
    }

    @Test
    void ofAnUnknownRunAreKeptAside() {
        commands(command("nobody", "c-1", 0));
        read();
        assertThat(history.service()
                        .quarantine(Optional.empty(), 10)
                        .items()
                        .get(0)
                        .reason())
                .isEqualTo("a command of run nobody, which is not known");
        assertThat(history.runs().find("nobody")).isEmpty();
    }

    @Test
    void aRunIsPausedUntilItGoesOn() {
        iteration(7);
        commands(state(TrainerState.State.PAUSED, 7));
        read();
        assertThat(phase()).isEqualTo(RunPhase.PAUSED);
        iteration(6); // was on its way
        read();
        assertThat(phase()).isEqualTo(RunPhase.PAUSED);
        commands(state(TrainerState.State.TRAINING, 7));
        read();
        assertThat(phase()).isEqualTo(RunPhase.RUNNING);
    }

    @Test
    void aLaterIterationEndsAPauseTooAndAnOldPauseIsNone() {
        iteration(7);
        commands(state(TrainerState.State.PAUSED, 7));
        read();
        iteration(8);
        read();
        assertThat(phase()).isEqualTo(RunPhase.RUNNING);
        commands(state(TrainerState.State.PAUSED, 7));
        read();
        assertThat(phase()).isEqualTo(RunPhase.RUNNING);
    }

    @Test
    void aPausedRunOfWhichNothingIsHeardAnyMoreIsSilentAndPausedAgainWithTheNextWord() {
        iteration(7);
        commands(state(TrainerState.State.PAUSED, 7));
        var consumer = log.consumer();
        IngestSession session = log.begin(consumer, history.writer());
        log.readAll(consumer, session);
        log.pass(Duration.ofSeconds(31));
        session.step(Duration.ZERO);
        session.commit();
        assertThat(phase()).isEqualTo(RunPhase.SILENT);
        commands(state(TrainerState.State.PAUSED, 7));
        log.readAll(consumer, session);
        assertThat(phase()).isEqualTo(RunPhase.PAUSED);
    }

    /** Lets a session read, and time pass in steps of a second. */
    private void pass(IngestSession session, int seconds) {
        for (int i = 0; i < seconds; i++) {
            log.pass(Duration.ofSeconds(1));
            session.step(Duration.ZERO);
        }
        session.commit();
    }

    private List<String> alerts() {
        return history.alerts().ofRun("a").stream()
                .flatMap(a -> a.transitions().stream())
                .map(t -> t.getRule() + " " + t.getState() + " " + t.getLastIteration())
                .toList();
    }

    @Test
    void aRunThatFallsSilentRaisesAnAlertThatIsOverWhenItIsHeardOf() throws Exception {
        iteration(7);
        var consumer = log.consumer();
        IngestSession session = log.begin(consumer, history.writer());
        pass(session, 29);
        assertThat(alerts()).isEmpty();
        pass(session, 4);
        assertThat(phase()).isEqualTo(RunPhase.SILENT);
        assertThat(alerts()).containsExactly("silent-run PENDING 7", "silent-run FIRING 7");
        pass(session, 60);
        assertThat(alerts()).as("it is said once").hasSize(2);

        iteration(8);
        pass(session, 3);
        assertThat(phase()).isEqualTo(RunPhase.RUNNING);
        assertThat(alerts())
                .containsExactly(
                        "silent-run PENDING 7",
                        "silent-run FIRING 7",
                        "silent-run RECOVERING 8",
                        "silent-run RESOLVED 8");

        // a history that is made again from the log has the same, whatever is read first
        List<String> live = alerts();
        history.close();
        history = History.open(directory.resolve("again"), Clock.systemUTC());
        read();
        assertThat(alerts()).isEqualTo(live);
    }

    @Test
    void theEndOfASilentRunEndsItsAlert() {
        iteration(7);
        var consumer = log.consumer();
        IngestSession session = log.begin(consumer, history.writer());
        pass(session, 40);
        log.end("a", 1, STARTED);
        pass(session, 12);
        assertThat(phase()).isEqualTo(RunPhase.FINISHED);
        assertThat(alerts()).last().isEqualTo("silent-run RESOLVED 7");
    }

    @Test
    void noRunIsSilentWhileKafkaDoesNotAnswerNorRightAfter() {
        iteration(7);
        var consumer = log.consumer();
        IngestSession session = log.begin(consumer, history.writer());
        pass(session, 2);
        log.connected = false;
        pass(session, 60);
        log.connected = true;
        pass(session, 25);
        assertThat(phase()).isEqualTo(RunPhase.RUNNING);
        assertThat(alerts()).isEmpty();
        pass(session, 10);
        assertThat(alerts()).last().isEqualTo("silent-run FIRING 7");
    }

    @Test
    void theWordIsSentAgainUntilItIsInTheLog() {
        iteration(7);
        TrainerStateLog kafka = log.trainers;
        AtomicInteger sent = new AtomicInteger();
        log.trainers = (runId, attempt, state) -> sent.incrementAndGet();
        IngestSession session = log.begin(log.consumer(), history.writer());
        pass(session, 60);
        assertThat(sent.get()).isEqualTo(3);
        assertThat(alerts()).isEmpty();
        log.trainers = kafka;
        session = log.begin(log.consumer(), history.writer());
        pass(session, 12);
        assertThat(alerts()).last().isEqualTo("silent-run FIRING 7");
    }

    @Test
    void anEndedRunIsNotPaused() {
        commands(state(TrainerState.State.PAUSED, 7));
        log.end("a", 1, STARTED);
        read();
        assertThat(phase()).isEqualTo(RunPhase.FINISHED);
    }
}
