package io.gradwatch.telemetry.rules;

import static io.gradwatch.contract.v1.Alert.Severity.SEVERITY_UNSPECIFIED;
import static io.gradwatch.contract.v1.Alert.Severity.WARNING;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.contract.v1.Iteration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The loss leaves what it has been: robust z-score (median and MAD of the last losses) and its CUSUM, both.
 *
 * <p>Memory: losses seen, CUSUM, median and spread of the window, last z, then the window as a ring. While an alert is open
 * the window stays as it was.
 *
 * @param z from which a loss is far away
 * @param height of the CUSUM
 * @param slack deviations a loss may be above without being counted
 * @param clearZ below which it is back
 */
record Divergence(int version, double z, double height, double slack, double clearZ, Timing timing) implements Rule {
    static final Divergence STANDARD = new Divergence(1, 6, 6, 1, 2, new Timing(3, 100, 200));

    private static final int WINDOW = 200;
    private static final int RENEW_EVERY = 20;
    private static final int HEAD = 5;
    private static final double SIGMA_OF_MAD = 1.4826;

    @Override
    public String name() {
        return "divergence";
    }

    @Override
    public RuleDescription description() {
        return new RuleDescription(
                name(),
                version,
                WARNING,
                "The loss is far above its last 200 values: six robust standard deviations for three iterations.",
                new Named()
                        .with("z", z)
                        .with("cusum", height)
                        .with("slack", slack)
                        .with("clear_z", clearZ)
                        .with("window_iterations", WINDOW)
                        .with(timing)
                        .map());
    }

    @Override
    public Set<String> catches() {
        return Set.of("diverging");
    }

    @Override
    public Rule with(Parameters p) {
        return new Divergence(
                version,
                p.number("z", z),
                p.number("cusum", height),
                p.number("slack", slack),
                p.number("clear_z", clearZ),
                p.timing(timing));
    }

    @Override
    public List<String> inhibitors() {
        return StandardRules.NON_FINITE;
    }

    @Override
    public Look look(Signals signals, double[] memory, boolean open) {
        Iteration iteration = signals.iteration();
        if (iteration == null || !iteration.hasLoss() || !Float.isFinite(iteration.getLoss())) {
            return Look.none(memory);
        }
        double loss = iteration.getLoss();
        double[] next = memory.length == 0 ? new double[HEAD + WINDOW] : memory.clone();
        if (next[0] < WINDOW) {
            keep(next, loss);
            return Look.none(next);
        }
        double score = (loss - next[2]) / next[3];
        next[1] = Math.min(100 * height, Math.max(0, next[1] + score - slack));
        next[4] = score;
        if (!open) {
            keep(next, loss);
        }
        Severity level = score > z && next[1] > height ? WARNING : SEVERITY_UNSPECIFIED;
        return Look.of(next, new Reading(level, score < clearZ));
    }

    private static void keep(double[] memory, double loss) {
        memory[HEAD + (int) (memory[0] % WINDOW)] = loss;
        memory[0]++;
        if (memory[0] >= WINDOW && memory[0] % RENEW_EVERY == 0) {
            double[] window = Arrays.copyOfRange(memory, HEAD, memory.length);
            double median = Robust.median(window);
            for (int i = 0; i < window.length; i++) {
                window[i] = Math.abs(window[i] - median);
            }
            memory[2] = median;
            memory[3] = Math.max(SIGMA_OF_MAD * Robust.median(window), 1e-3 * Math.abs(median) + 1e-9);
        }
    }

    @Override
    public Finding explain(Signals signals, double[] memory, Severity severity) {
        double loss =
                signals.iteration() == null ? Double.NaN : signals.iteration().getLoss();
        return Finding.ofRun(
                String.format(
                        Locale.ROOT,
                        "The loss has left its course: %.3f, where %.3f ± %.3f was usual (%.0f robust standard deviations).",
                        loss,
                        memory[2],
                        memory[3],
                        memory[4]),
                new Named()
                        .with("loss", loss)
                        .with("median", memory[2])
                        .with("spread", memory[3])
                        .with("z", memory[4])
                        .map(),
                description().parameters());
    }

    @Override
    public String relief(Signals signals, double[] memory) {
        return String.format(
                Locale.ROOT, "The loss is %.1f robust standard deviations from what was usual.", memory[4]);
    }
}
