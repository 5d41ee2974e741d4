package io.gradwatch.telemetry.rules;

import static io.gradwatch.contract.v1.Alert.Severity.INFO;
import static io.gradwatch.contract.v1.Alert.Severity.SEVERITY_UNSPECIFIED;

import io.gradwatch.contract.v1.Alert.Severity;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The gradient begins to fade over depth: its slope in decades a layer rises over the run's own past.
 *
 * <p>Memory: iterations, the usual slope, the last one.
 *
 * @param rise above the usual slope from which it is an alert, in decades a layer
 * @param clearRise below which it is gone
 * @param everyIterations how often it is measured
 * @param afterIterations before which nothing is judged
 */
record SlopeTrend(int version, double rise, double clearRise, int everyIterations, int afterIterations, Timing timing)
        implements Rule {
    static final SlopeTrend STANDARD = new SlopeTrend(1, 0.05, 0.025, 10, 500, new Timing(475, 475, 500));

    @Override
    public String name() {
        return "slope-trend";
    }

    @Override
    public RuleDescription description() {
        return new RuleDescription(
                name(),
                version,
                INFO,
                "The gradient begins to fade over depth: its slope rises by 0.05 decades a layer over the run's own past.",
                new Named()
                        .with("rise_decades_per_layer", rise)
                        .with("clear_rise_decades_per_layer", clearRise)
                        .with("every_iterations", everyIterations)
                        .with("after_iterations", afterIterations)
                        .with("baseline_half_life_iterations", Baselines.HALF_LIFE)
                        .with(timing)
                        .map());
    }

    @Override
    public Set<String> catches() {
        return Set.of("fading");
    }

    @Override
    public Rule with(Parameters p) {
        return new SlopeTrend(
                version,
                p.number("rise_decades_per_layer", rise),
                p.number("clear_rise_decades_per_layer", clearRise),
                p.whole("every_iterations", everyIterations),
                p.whole("after_iterations", afterIterations),
                p.timing(timing));
    }

    @Override
    public List<String> inhibitors() {
        return StandardRules.VANISHED;
    }

    @Override
    public Look look(Signals signals, double[] memory, boolean open) {
        if (signals.iteration() == null || signals.profile().size() < 3) {
            return Look.none(memory);
        }
        double iterations = (memory.length == 0 ? 0 : memory[0]) + 1;
        if (iterations % everyIterations != 0) {
            return Look.none(
                    memory.length == 0
                            ? new double[] {iterations, Double.NaN, Double.NaN}
                            : new double[] {iterations, memory[1], memory[2]});
        }
        double slope = signals.profile().slope().slope();
        double usual = memory.length == 0 || Double.isNaN(memory[1]) ? slope : memory[1];
        if (!open) {
            double weight =
                    Math.max(1 - Math.pow(2, -everyIterations / Baselines.HALF_LIFE), everyIterations / iterations);
            usual += weight * (slope - usual);
        }
        double[] next = {iterations, usual, slope};
        if (iterations <= afterIterations) {
            return Look.none(next);
        }
        double risen = slope - usual;
        Severity level = risen > rise ? INFO : SEVERITY_UNSPECIFIED;
        return new Look(next, new Reading(level, risen < clearRise), everyIterations);
    }

    @Override
    public Finding explain(Signals signals, double[] memory, Severity severity) {
        return Finding.ofRun(
                String.format(
                        Locale.ROOT,
                        "The gradient begins to fade towards the input: by %.3f decades a layer, %.3f were usual.",
                        memory[2],
                        memory[1]),
                new Named()
                        .with("slope", memory[2])
                        .with("usual_slope", memory[1])
                        .map(),
                description().parameters());
    }

    @Override
    public String relief(Signals signals, double[] memory) {
        return String.format(
                Locale.ROOT, "The gradient changes by %.3f decades a layer, %.3f are usual.", memory[2], memory[1]);
    }
}
