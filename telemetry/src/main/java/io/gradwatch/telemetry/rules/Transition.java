package io.gradwatch.telemetry.rules;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.telemetry.rules.AlertMachine.Move;
import io.gradwatch.telemetry.rules.Finding.Concern;
import io.gradwatch.telemetry.stream.IterationRecord;

/**
 * A move of the state machine as the message that tells of it. While an alert is pending or firing the message names the
 * layers concerned now; afterwards those of its last firing (or pending) transition.
 */
record Transition(Alert alert, Concern concern) {

    static Transition of(Rule rule, Move move, DepthProfile profile, IterationRecord record) {
        AlertState alert = move.alert();
        Finding finding = rule.explain(profile, alert.severity());
        boolean on = move.to() == Alert.State.PENDING || move.to() == Alert.State.FIRING;
        Concern concern = on ? finding.concern() : alert.concern();
        Alert.Builder message = Alert.newBuilder()
                .setAlertId(record.runId() + "/" + rule.name() + "/"
                        + alert.opening().iteration() + "/" + alert.opening().attempt())
                .setTransition(alert.transitions())
                .setRule(rule.name())
                .setRuleVersion(rule.version())
                .setSeverity(alert.severity())
                .setState(move.to())
                .setSinceMs(record.producedAtMs())
                .setFirstIteration(alert.opening().iteration())
                .setLastIteration(record.iteration().getIteration())
                .addAllLayers(concern.layers())
                .setMessage(on ? finding.message() : rule.relief(profile) + " " + outlook(rule, move))
                .putAllInputs(finding.inputs())
                .putAllThresholds(finding.thresholds())
                .setPartition(record.partition())
                .setFirstOffset(alert.opening().offset())
                .setLastOffset(record.seq());
        concern.cut().ifPresent(message::setCutLayer);
        return new Transition(message.build(), concern);
    }

    private static String outlook(Rule rule, Move move) {
        if (move.to() == Alert.State.RECOVERING) {
            return "Resolved if it stays so for " + rule.timing().keepIterations() + " iterations.";
        }
        return move.alert().phase() == AlertState.Phase.PENDING
                ? "The alert never fired."
                : "It has stayed so for " + rule.timing().keepIterations() + " iterations.";
    }
}
