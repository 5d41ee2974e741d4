package io.gradwatch.telemetry.rules.peers;

import static io.gradwatch.contract.v1.Alert.Severity.SEVERITY_UNSPECIFIED;
import static io.gradwatch.contract.v1.Alert.Severity.WARNING;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.telemetry.rules.Finding;
import io.gradwatch.telemetry.rules.Look;
import io.gradwatch.telemetry.rules.Reading;
import io.gradwatch.telemetry.rules.Rule;
import io.gradwatch.telemetry.rules.RuleDescription;
import io.gradwatch.telemetry.rules.Signals;
import io.gradwatch.telemetry.rules.Span;
import io.gradwatch.telemetry.rules.Timing;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A formula of another tool at its moments. It fires and ends at once.
 *
 * <p>Memory: the value judged last, then the formula's.
 *
 * @param description the formula, and what was approximated
 * @param moment when it is judged; the formula sees every event
 */
record PeerRule(
        String name,
        Set<String> catches,
        String description0,
        Map<String, Double> parameters,
        Moment moment,
        Formula formula)
        implements Rule {
    private static final Timing AT_ONCE = new Timing(Span.iterations(1), Span.iterations(1), 0);

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Timing timing() {
        return AT_ONCE;
    }

    @Override
    public RuleDescription description() {
        return new RuleDescription(name, version(), WARNING, description0, parameters, catches);
    }

    @Override
    public Look look(Signals signals, double[] memory, boolean open) {
        double[] own = memory.length == 0 ? memory : Arrays.copyOfRange(memory, 1, memory.length);
        Formula.Answer answer = formula.of(signals, own);
        if (!moment.isNow(signals) || answer.says() == Formula.Says.NOTHING) {
            return new Look(next(memory.length == 0 ? Double.NaN : memory[0], answer.memory()), null, 0);
        }
        boolean holds = answer.says() == Formula.Says.YES;
        return new Look(
                next(answer.value(), answer.memory()), new Reading(holds ? WARNING : SEVERITY_UNSPECIFIED, !holds), 1);
    }

    private static double[] next(double value, double[] own) {
        double[] next = new double[own.length + 1];
        next[0] = value;
        System.arraycopy(own, 0, next, 1, own.length);
        return next;
    }

    @Override
    public Finding explain(Signals signals, double[] memory, Severity severity) {
        return Finding.ofRun(
                String.format(Locale.ROOT, "%s holds (%.3g).", name, memory[0]),
                Map.of("value", memory[0]),
                parameters);
    }

    @Override
    public String relief(Signals signals, double[] memory) {
        return String.format(
                Locale.ROOT, "%s holds no longer (%.3g).", name, memory.length == 0 ? Double.NaN : memory[0]);
    }
}
