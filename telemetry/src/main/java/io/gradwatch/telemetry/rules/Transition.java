package io.gradwatch.telemetry.rules;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.telemetry.rules.AlertMachine.Move;
import io.gradwatch.telemetry.rules.Finding.Concern;

/**
 * A move of the state machine as the message that tells of it. While an alert is pending, firing or suppressed the message
 * names the layers concerned now; afterwards those of its last firing (or pending) transition.
 */
record Transition(Alert alert, Concern concern) {

    /**
     * Where in the log an event is.
     *
     * @param partition and {@code seq} of the record judged
     */
    record Place(String runId, int partition, long seq, long iteration, long atMs) {}

    static Transition of(Rule rule, Timing timing, Move move, Signals signals, double[] memory, Place place) {
        AlertState alert = move.alert();
        boolean suppressed = move.to() == Alert.State.SUPPRESSED;
        boolean noData = move.to() == Alert.State.NO_DATA;
        Finding finding = suppressed || noData ? Finding.NONE : rule.explain(signals, memory, alert.severity());
        boolean on = move.to() == Alert.State.PENDING || move.to() == Alert.State.FIRING;
        Concern concern = on ? finding.concern() : alert.concern();
        Alert.Builder message = Alert.newBuilder()
                .setAlertId(place.runId() + "/" + rule.idInAlerts() + "/"
                        + alert.opening().iteration() + "/" + alert.opening().attempt())
                .setTransition(alert.transitions())
                .setRule(rule.name())
                .setRuleVersion(rule.version())
                .setSeverity(alert.severity())
                .setState(move.to())
                .setSinceMs(place.atMs())
                .setFirstIteration(alert.opening().iteration())
                .setLastIteration(place.iteration())
                .addAllLayers(concern.layers())
                .putAllInputs(finding.inputs())
                .putAllThresholds(finding.thresholds())
                .setPartition(place.partition())
                .setFirstOffset(alert.opening().offset())
                .setLastOffset(place.seq());
        if (suppressed) {
            message.setMessage(explained(rule, signals));
        } else if (noData) {
            message.setMessage("What this rule judges by has not come for "
                    + (signals.evaluated() - alert.judged().last()) + " iterations.");
        } else {
            message.setMessage(on ? finding.message() : relief(rule, timing, move, signals, memory));
        }
        concern.cut().ifPresent(message::setCutLayer);
        return new Transition(message.build(), concern);
    }

    private static String explained(Rule rule, Signals signals) {
        return "Explained by "
                + String.join(
                        " and ",
                        rule.inhibitors().stream()
                                .filter(signals.firing()::contains)
                                .toList())
                + ": suppressed as long as that fires.";
    }

    private static String relief(Rule rule, Timing timing, Move move, Signals signals, double[] memory) {
        String relief = rule.relief(signals, memory);
        boolean atOnce = timing.keepSpan().equals(Span.iterations(1));
        return atOnce ? relief : relief + " " + outlook(timing, move);
    }

    private static String outlook(Timing timing, Move move) {
        if (move.to() == Alert.State.RECOVERING) {
            return "Resolved if it stays so for " + timing.keepSpan() + ".";
        }
        return switch (move.alert().phase()) {
            case PENDING -> "The alert never fired.";
            case SUPPRESSED -> "It was suppressed to the end.";
            case NO_DATA -> "It was not judged for a while.";
            default -> "It has stayed so for " + timing.keepSpan() + ".";
        };
    }
}
