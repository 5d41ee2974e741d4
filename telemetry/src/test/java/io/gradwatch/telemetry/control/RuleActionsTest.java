package io.gradwatch.telemetry.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Command;
import io.gradwatch.contract.v1.Silence;
import io.gradwatch.telemetry.history.OutboxAlert;
import io.gradwatch.telemetry.ingest.AlertOutbox;
import io.gradwatch.telemetry.runs.Attention;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RuleActionsTest {
    private static final long NOW = 1_800_000_000_000L;

    private final List<OutboxAlert> published = new ArrayList<>();
    private final List<Command> sent = new ArrayList<>();
    private boolean kafkaAnswers = true;
    private ActionPolicy policy = policy(false);

    private static ActionPolicy policy(boolean dryRun) {
        return new ActionPolicy(List.of(new ActionPolicy.Entry(
                "vanish-floor",
                Optional.of(Alert.Severity.CRITICAL),
                ControlAction.of(ControlAction.Kind.STOP),
                dryRun)));
    }

    private RuleActions actions() {
        AlertOutbox next = new AlertOutbox() {
            @Override
            public void publish(List<OutboxAlert> transitions) {
                published.addAll(transitions);
            }

            @Override
            public List<OutboxAlert.Key> takeAcknowledged() {
                return published.stream().map(OutboxAlert::key).toList();
            }
        };
        CommandLog log = (runId, attempt, command) -> {
            sent.add(command);
            return kafkaAnswers
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(new IllegalStateException("no Kafka"));
        };
        return new RuleActions(
                next, () -> policy, log, id -> attention, Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC));
    }

    private Attention attention = Attention.of(null);

    @Test
    void leavesAlertsUnderASilenceAlone() {
        attention = Attention.of(Attention.of(null)
                .silence(Silence.newBuilder().setUntilMs(NOW + 1).build()));
        actions().publish(List.of(firing()));
        assertThat(published).hasSize(1);
        assertThat(sent).isEmpty();

        attention = Attention.of(
                Attention.of(null).silence(Silence.newBuilder().setUntilMs(NOW).build()));
        actions().publish(List.of(firing()));
        assertThat(sent).as("its end has come").hasSize(1);
    }

    private static OutboxAlert alert(Alert.State state, Alert.Severity severity, long ageMs) {
        return new OutboxAlert(
                "run-1",
                2,
                NOW - ageMs,
                Alert.newBuilder()
                        .setAlertId("run-1/vanish-floor/0/2")
                        .setRule("vanish-floor")
                        .setState(state)
                        .setSeverity(severity)
                        .setLastIteration(19)
                        .setMessage("36 of 38 layers receive no gradient")
                        .build());
    }

    private static OutboxAlert firing() {
        return alert(Alert.State.FIRING, Alert.Severity.CRITICAL, 100);
    }

    @Test
    void sendsWhatThePolicySaysWhenAnAlertFires() {
        actions().publish(List.of(alert(Alert.State.PENDING, Alert.Severity.CRITICAL, 100), firing()));
        assertThat(published).hasSize(2);
        assertThat(sent).hasSize(1);
        Command command = sent.get(0);
        assertThat(command.hasStop()).isTrue();
        assertThat(command.getIssuedBy()).isEqualTo("rule vanish-floor");
        assertThat(command.getReason()).isEqualTo("36 of 38 layers receive no gradient");
        assertThat(command.getIssuedAtIteration()).isEqualTo(19);
        assertThat(command.getExpiresAtMs()).isEqualTo(NOW + 60_000);
        assertThat(command.getCommandId()).isEqualTo("action/run-1/vanish-floor/0/2/stop");
    }

    @Test
    void sendsItOnceHoweverOftenItFiresAndAfterARestartUnderTheSameId() {
        RuleActions actions = actions();
        actions.publish(List.of(firing()));
        actions.publish(List.of(firing()));
        assertThat(sent).hasSize(1);
        actions().publish(List.of(firing()));
        assertThat(sent)
                .extracting(Command::getCommandId)
                .hasSize(2)
                .containsOnly(sent.get(0).getCommandId());
    }

    @Test
    void sendsItAgainWhenKafkaDidNotTakeIt() {
        RuleActions actions = actions();
        kafkaAnswers = false;
        actions.publish(List.of(firing()));
        kafkaAnswers = true;
        actions.publish(List.of(firing()));
        actions.publish(List.of(firing()));
        assertThat(sent).hasSize(2);
    }

    @Test
    void leavesOldAlertsOtherSeveritiesAndOtherRulesAlone() {
        RuleActions actions = actions();
        actions.publish(List.of(
                alert(Alert.State.FIRING, Alert.Severity.CRITICAL, 61_000),
                alert(Alert.State.FIRING, Alert.Severity.WARNING, 100),
                alert(Alert.State.RESOLVED, Alert.Severity.CRITICAL, 100)));
        policy = ActionPolicy.NONE;
        actions.publish(List.of(firing()));
        assertThat(sent).isEmpty();
        assertThat(actions.takeAcknowledged()).hasSize(4);
    }

    @Test
    void aDryRunIsWrittenDownAndNobodyObeysIt() {
        policy = policy(true);
        actions().publish(List.of(firing()));
        assertThat(sent.get(0).getActionCase()).isEqualTo(Command.ActionCase.DRY_RUN);
        assertThat(sent.get(0).getDryRun().getWould().hasStop()).isTrue();
        assertThat(sent.get(0).getCommandId()).endsWith("/dry-run");
    }
}
