package io.gradwatch.telemetry.control;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Command;
import io.gradwatch.contract.v1.DryRun;
import io.gradwatch.telemetry.history.OutboxAlert;
import io.gradwatch.telemetry.ingest.AlertOutbox;
import io.gradwatch.telemetry.ingest.Share;
import io.gradwatch.telemetry.runs.Attention;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what the policy says when an alert of a live run fires, once an alert and action: the command's id is made of both, and
 * trainers and history take an id once, so that not even a restart in the middle does it twice. What fired longer ago than
 * {@link #FRESH} (the log is read again, or was read late) is left alone.
 */
public final class RuleActions implements AlertOutbox {
    /** An alert whose iteration was made longer ago than this leads to nothing. */
    public static final Duration FRESH = Duration.ofMinutes(1);

    /** A trainer has so long to obey. */
    public static final Duration TIMEOUT = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(RuleActions.class);

    private final AlertOutbox next;
    private final Supplier<ActionPolicy> policy;
    private final CommandLog log;
    private final Function<String, Attention> attention;
    private final Clock clock;
    private final Set<String> done = ConcurrentHashMap.newKeySet();

    /**
     * @param next who gets all transitions, too
     * @param policy as it is at the moment
     * @param attention what people say about the alerts of a run, by its id; asked when an action is due
     */
    public RuleActions(
            AlertOutbox next,
            Supplier<ActionPolicy> policy,
            CommandLog log,
            Function<String, Attention> attention,
            Clock clock) {
        this.next = next;
        this.policy = policy;
        this.log = log;
        this.attention = attention;
        this.clock = clock;
    }

    @Override
    public void publish(List<OutboxAlert> transitions) {
        next.publish(transitions);
        transitions.stream()
                .filter(t -> t.alert().getState() == Alert.State.FIRING)
                .forEach(this::act);
    }

    @Override
    public void begin(Share share) {
        next.begin(share);
    }

    @Override
    public void end() {
        next.end();
    }

    @Override
    public List<OutboxAlert.Key> takeAcknowledged() {
        return next.takeAcknowledged();
    }

    private void act(OutboxAlert transition) {
        Alert alert = transition.alert();
        ActionPolicy.Entry entry =
                policy.get().of(alert.getRule(), alert.getSeverity()).orElse(null);
        if (entry == null) {
            return;
        }
        String what = entry.action().text();
        long ageMs = clock.millis() - transition.producedAtMs();
        if (ageMs > FRESH.toMillis()) {
            LOG.info("Alert {} is {} s old: \"{}\" is not sent", alert.getAlertId(), ageMs / 1000, what);
            return;
        }
        if (attention
                .apply(transition.runId())
                .silenced(alert.getRule(), clock.millis())
                .isPresent()) {
            LOG.info("Alert {} is silenced: \"{}\" is not sent", alert.getAlertId(), what);
            return;
        }
        Command command = command(alert, entry);
        if (!done.add(command.getCommandId())) {
            return;
        }
        LOG.info("Alert {}: {} \"{}\"", alert.getAlertId(), entry.dryRun() ? "would send" : "sends", what);
        var unused = log.append(transition.runId(), transition.attempt(), command)
                .whenComplete((sent, problem) -> {
                    if (problem != null) {
                        done.remove(command.getCommandId());
                        LOG.warn(
                                "\"{}\" of alert {} did not reach Kafka: {}",
                                what,
                                alert.getAlertId(),
                                problem.toString());
                    }
                });
    }

    private Command command(Alert alert, ActionPolicy.Entry entry) {
        Command.Builder command = Command.newBuilder()
                .setCommandId("action/" + alert.getAlertId() + "/"
                        + entry.action().kind().label() + (entry.dryRun() ? "/dry-run" : ""))
                .setIssuedBy("rule " + alert.getRule())
                .setReason(alert.getMessage())
                .setIssuedAtIteration(alert.getLastIteration());
        if (entry.dryRun()) {
            return command.setDryRun(DryRun.newBuilder().setWould(entry.action().into(Command.newBuilder())))
                    .build();
        }
        command.setExpiresAtMs(clock.millis() + TIMEOUT.toMillis());
        return entry.action().into(command).build();
    }
}
