package io.gradwatch.telemetry.rules.user;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.telemetry.rules.Finding;
import io.gradwatch.telemetry.rules.Look;
import io.gradwatch.telemetry.rules.Rule;
import io.gradwatch.telemetry.rules.RuleDescription;
import io.gradwatch.telemetry.rules.Signals;
import io.gradwatch.telemetry.rules.Timing;
import java.util.List;
import java.util.Set;

/**
 * A standard rule of which a file has changed something.
 *
 * @param rule with its new parameters
 * @param version the standard one's where it judges as that does
 * @param catches labels of runs that it is meant to fire on
 */
record AdjustedRule(Rule rule, int version, Set<String> catches) implements Rule {
    @Override
    public String name() {
        return rule.name();
    }

    @Override
    public String idInAlerts() {
        return version == rule.version() ? rule.idInAlerts() : UserRule.idInAlerts(name(), version);
    }

    @Override
    public Timing timing() {
        return rule.timing();
    }

    @Override
    public Timing timing(Signals signals) {
        return rule.timing(signals);
    }

    @Override
    public RuleDescription description() {
        RuleDescription d = rule.description();
        return new RuleDescription(d.rule(), version, d.severity(), d.description(), d.parameters(), catches);
    }

    @Override
    public List<String> inhibitors() {
        return rule.inhibitors();
    }

    @Override
    public Look look(Signals signals, double[] memory, boolean open) {
        return rule.look(signals, memory, open);
    }

    @Override
    public Finding explain(Signals signals, double[] memory, Severity severity) {
        return rule.explain(signals, memory, severity);
    }

    @Override
    public String relief(Signals signals, double[] memory) {
        return rule.relief(signals, memory);
    }
}
