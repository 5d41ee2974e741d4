package io.gradwatch.telemetry.rules;

import static io.gradwatch.contract.v1.Alert.Severity.INFO;
import static io.gradwatch.contract.v1.Alert.Severity.SEVERITY_UNSPECIFIED;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.contract.v1.Iteration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The loss does not come down any more: Theil and Sen's slope over five epochs, relative to the loss. Not judged at the end
 * of the schedule, where a small learning rate is meant to bring it to rest.
 *
 * <p>Memory: losses in the present piece, their sum, number of pieces, then the means of the pieces of five epochs as a ring.
 *
 * @param slope relative change per epoch above which the loss stands still (negative: falls)
 * @param clearSlope below which it moves again
 * @param endOfSchedule share of the planned iterations from which nothing is judged
 * @param solved accuracy above which there is nothing to gain
 */
record Plateau(int version, double slope, double clearSlope, double endOfSchedule, double solved, Timing timing)
        implements Rule {
    static final Plateau STANDARD =
            new Plateau(1, -0.001, -0.005, 0.8, 0.95, new Timing(Span.epochs(2), Span.epochs(1), 0));

    private static final int PIECES_PER_EPOCH = 20;
    private static final int PIECES = 5 * PIECES_PER_EPOCH;
    private static final int HEAD = 3;

    @Override
    public String name() {
        return "plateau";
    }

    @Override
    public RuleDescription description() {
        return new RuleDescription(
                name(),
                version,
                INFO,
                "Over five epochs the loss falls by less than 0.1 % an epoch, for two epochs, before the last fifth of the"
                        + " schedule.",
                new Named()
                        .with("relative_slope_per_epoch", slope)
                        .with("clear_relative_slope_per_epoch", clearSlope)
                        .with("end_of_schedule", endOfSchedule)
                        .with("solved_accuracy", solved)
                        .with(timing)
                        .map());
    }

    @Override
    public Set<String> catches() {
        return Set.of("plateau");
    }

    @Override
    public Rule with(Parameters p) {
        return new Plateau(
                version,
                p.number("relative_slope_per_epoch", slope),
                p.number("clear_relative_slope_per_epoch", clearSlope),
                p.number("end_of_schedule", endOfSchedule),
                p.number("solved_accuracy", solved),
                p.timing(timing));
    }

    @Override
    public List<String> inhibitors() {
        return List.of("nan-inf", "vanish-floor", "vanish-depth", "chance-level");
    }

    @Override
    public Look look(Signals signals, double[] memory, boolean open) {
        Iteration iteration = signals.iteration();
        if (iteration == null || !iteration.hasLoss() || !Float.isFinite(iteration.getLoss())) {
            return Look.none(memory);
        }
        double[] next = memory.length == 0 ? new double[HEAD + PIECES] : memory.clone();
        next[0]++;
        next[1] += iteration.getLoss();
        int piece = Math.max(1, epoch(signals) / PIECES_PER_EPOCH);
        if (next[0] < piece) {
            return Look.none(next);
        }
        next[HEAD + (int) (next[2] % PIECES)] = next[1] / next[0];
        next[2]++;
        next[0] = 0;
        next[1] = 0;
        long planned = signals.run().getPlannedIterations();
        if (next[2] < PIECES || (planned > 0 && iteration.getIteration() >= endOfSchedule * planned)) {
            return Look.none(next);
        }
        double relative = relativeSlope(next);
        boolean hasSolved = signals.trace().accuracy() > solved;
        Severity level = relative > slope && !hasSolved ? INFO : SEVERITY_UNSPECIFIED;
        return new Look(
                next, new Reading(level, level == SEVERITY_UNSPECIFIED && (relative < clearSlope || hasSolved)), piece);
    }

    private static int epoch(Signals signals) {
        return signals.iterationsPerEpoch() > 0 ? signals.iterationsPerEpoch() : Span.EPOCH_OF_UNKNOWN_LENGTH;
    }

    /** Per epoch. */
    private static double relativeSlope(double[] memory) {
        double[] means = new double[PIECES];
        int oldest = (int) (memory[2] % PIECES);
        for (int i = 0; i < PIECES; i++) {
            means[i] = memory[HEAD + (oldest + i) % PIECES];
        }
        double mean = Arrays.stream(means).average().orElse(Double.NaN);
        return mean == 0 ? 0 : Robust.theilSen(means).slope() * PIECES_PER_EPOCH / Math.abs(mean);
    }

    @Override
    public Finding explain(Signals signals, double[] memory, Severity severity) {
        double relative = relativeSlope(memory);
        return Finding.ofRun(
                String.format(
                        Locale.ROOT,
                        "The loss stands still at %.3f: it changes by %+.2f %% an epoch.",
                        signals.trace().loss(),
                        100 * relative),
                new Named()
                        .with("relative_slope_per_epoch", relative)
                        .with("loss", signals.trace().loss())
                        .map(),
                description().parameters());
    }

    @Override
    public String relief(Signals signals, double[] memory) {
        return String.format(Locale.ROOT, "The loss changes by %+.2f %% an epoch.", 100 * relativeSlope(memory));
    }
}
