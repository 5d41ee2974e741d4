package io.gradwatch.telemetry.notify;

import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.contract.v1.Alert.State;
import io.gradwatch.contract.v1.Envelope;
import java.util.Set;

/** Transitions for tests. */
final class Notices {
    static final Filter ALL = new Filter(
            Severity.INFO,
            Set.of(State.PENDING, State.FIRING, State.RECOVERING, State.RESOLVED, State.SUPPRESSED),
            Set.of());

    private Notices() {}

    static Envelope envelope(String run, int transition, State state, long producedAtMs) {
        return Envelope.newBuilder()
                .setSchemaVersion(WireFormat.SCHEMA_VERSION)
                .setRunId(run)
                .setAttempt(1)
                .setProducedAtMs(producedAtMs)
                .setAlert(Alert.newBuilder()
                        .setAlertId(run + "/vanish-floor/3/1")
                        .setTransition(transition)
                        .setRule("vanish-floor")
                        .setRuleVersion(1)
                        .setSeverity(Severity.CRITICAL)
                        .setState(state)
                        .setFirstIteration(3)
                        .setLastIteration(20L + transition)
                        .addLayers(0)
                        .setCutLayer(35)
                        .setMessage("36 of 38 layers get less than 1e-8 <& so on>")
                        .putInputs("share", 0.95)
                        .putInputs("odd", Double.NaN))
                .build();
    }

    static Notice notice(String run, int transition) {
        return new Notice(envelope(run, transition, State.FIRING, 1_000), run + "'s name");
    }
}
