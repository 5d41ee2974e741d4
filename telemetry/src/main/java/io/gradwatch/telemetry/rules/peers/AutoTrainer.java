package io.gradwatch.telemetry.rules.peers;

import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.telemetry.rules.Rule;
import io.gradwatch.telemetry.rules.Signals;
import io.gradwatch.telemetry.rules.peers.Formula.Answer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * AutoTrainer (ICSE 2021) with the defaults of its {@code monitor.py}. As shipped it judges every third epoch after 30 % of the
 * planned ones; gradients are those of one batch, here of the epoch's last.
 */
final class AutoTrainer {
    private static final double VANISHING_RATIO = 1e-3;
    private static final double VANISHING_NORM = 1e-4;
    private static final double EXPLODING_RATIO = 70;
    private static final double LEAST_GAIN = 0.01;
    private static final double CONVERGED = 0.7;
    private static final double SWING = 0.03;
    private static final double SHARE_OF_SWINGS = 0.2;
    private static final int EVERY_EPOCHS = 3;
    private static final double AFTER = 0.3;

    private static final String SHIPPED = " Judged every third epoch after 30 % of them.";
    private static final String LIVE = " Judged every iteration.";
    private static final Moment GRADIENTS = Moment.lastOfEpoch(EVERY_EPOCHS, AFTER, 1);
    private static final Moment EPOCHS = Moment.epochEnds(EVERY_EPOCHS, AFTER, 1);
    private static final Map<String, Double> SCHEDULE =
            Map.of("every_epochs", (double) EVERY_EPOCHS, "after_share_of_epochs", AFTER);

    static final List<Rule> RULES = List.of(
            new PeerRule(
                    "autotrainer-vanish",
                    Set.of("vanishing"),
                    "Vanishing: ‖g₁‖ / ‖g_L‖ < 1e-3 and ‖g₁‖ < 1e-4, kernels' norms, here with their biases; without its"
                            + " further condition that the accuracy is below 0.7." + SHIPPED,
                    with(Map.of("ratio", VANISHING_RATIO, "norm", VANISHING_NORM)),
                    GRADIENTS,
                    AutoTrainer::vanishing),
            new PeerRule(
                    "autotrainer-vanish-every-iteration",
                    Set.of("vanishing"),
                    "Vanishing: ‖g₁‖ / ‖g_L‖ < 1e-3 and ‖g₁‖ < 1e-4." + LIVE,
                    Map.of("ratio", VANISHING_RATIO, "norm", VANISHING_NORM),
                    Moment.everyIteration(),
                    AutoTrainer::vanishing),
            new PeerRule(
                    "autotrainer-explode",
                    Set.of("exploding", "nan"),
                    "Exploding: ‖g₁‖ / ‖g_L‖ > 70." + SHIPPED,
                    with(Map.of("ratio", EXPLODING_RATIO)),
                    GRADIENTS,
                    AutoTrainer::exploding),
            new PeerRule(
                    "autotrainer-explode-every-iteration",
                    Set.of("exploding", "nan"),
                    "Exploding: ‖g₁‖ / ‖g_L‖ > 70." + LIVE,
                    Map.of("ratio", EXPLODING_RATIO),
                    Moment.everyIteration(),
                    AutoTrainer::exploding),
            new PeerRule(
                    "autotrainer-slow-convergence",
                    Set.of("vanishing", "chance-level", "plateau"),
                    "Slow convergence: no epoch has gained 0.01 in training or in validation accuracy." + SHIPPED,
                    with(Map.of("least_gain", LEAST_GAIN)),
                    EPOCHS,
                    AutoTrainer::slow),
            new PeerRule(
                    "autotrainer-not-converged",
                    Set.of("vanishing", "chance-level", "plateau"),
                    "Not converged: best training and best validation accuracy both below 0.7." + SHIPPED,
                    with(Map.of("accuracy", CONVERGED)),
                    EPOCHS,
                    AutoTrainer::notConverged),
            new PeerRule(
                    "autotrainer-oscillation",
                    Set.of("oscillating"),
                    "Oscillating: the training accuracy swings by 0.03 or more between neighbouring local extremes, in a fifth"
                            + " of the epochs or more." + SHIPPED,
                    with(Map.of("swing", SWING, "share", SHARE_OF_SWINGS)),
                    EPOCHS,
                    AutoTrainer::oscillating));

    private AutoTrainer() {}

    private static Map<String, Double> with(Map<String, Double> own) {
        Map<String, Double> all = new java.util.TreeMap<>(SCHEDULE);
        all.putAll(own);
        return all;
    }

    private static Answer vanishing(Signals signals, double[] memory) {
        double[] norms = Gradients.norms(signals);
        if (norms.length < 2) {
            return Answer.nothing();
        }
        double ratio = norms[0] / norms[norms.length - 1];
        return Answer.of(ratio < VANISHING_RATIO && norms[0] < VANISHING_NORM, ratio);
    }

    private static Answer exploding(Signals signals, double[] memory) {
        double[] norms = Gradients.norms(signals);
        if (norms.length < 2) {
            return Answer.nothing();
        }
        double ratio = norms[0] / norms[norms.length - 1];
        return Answer.of(ratio > EXPLODING_RATIO, ratio);
    }

    /** Memory: last and best training accuracy, largest gain; the same of validation. */
    private static Answer slow(Signals signals, double[] memory) {
        return accuracies(
                signals,
                memory,
                next -> Answer.of(next[2] < LEAST_GAIN && next[5] < LEAST_GAIN, Math.max(next[2], next[5]), next));
    }

    private static Answer notConverged(Signals signals, double[] memory) {
        return accuracies(
                signals,
                memory,
                next -> Answer.of(next[1] < CONVERGED && next[4] < CONVERGED, Math.max(next[1], next[4]), next));
    }

    private interface Judgement {
        Answer of(double[] accuracies);
    }

    private static Answer accuracies(Signals signals, double[] memory, Judgement judgement) {
        Epoch epoch = signals.epoch();
        if (epoch == null || !epoch.hasTrainAccuracy() || !epoch.hasValidationAccuracy()) {
            return Answer.nothing(memory);
        }
        double[] next = memory.length == 0
                ? new double[] {Double.NaN, Double.NEGATIVE_INFINITY, 0, Double.NaN, Double.NEGATIVE_INFINITY, 0}
                : memory.clone();
        follow(next, 0, epoch.getTrainAccuracy());
        follow(next, 3, epoch.getValidationAccuracy());
        return judgement.of(next);
    }

    private static void follow(double[] memory, int at, double accuracy) {
        if (accuracy - memory[at] > memory[at + 2]) {
            memory[at + 2] = accuracy - memory[at];
        }
        memory[at + 1] = Math.max(memory[at + 1], accuracy);
        memory[at] = accuracy;
    }

    /** Memory: epochs, large swings, the last extreme, the last accuracy, its direction (−1, 0, 1). */
    private static Answer oscillating(Signals signals, double[] memory) {
        Epoch epoch = signals.epoch();
        if (epoch == null || !epoch.hasTrainAccuracy() || !Float.isFinite(epoch.getTrainAccuracy())) {
            return Answer.nothing(memory);
        }
        double accuracy = epoch.getTrainAccuracy();
        if (memory.length == 0) {
            return Answer.nothing(new double[] {1, 0, accuracy, accuracy, 0});
        }
        double[] next = Arrays.copyOf(memory, memory.length);
        double direction = Math.signum(accuracy - memory[3]);
        next[0]++;
        if (direction != 0 && memory[4] != 0 && direction != memory[4]) { // the epoch before was an extreme
            next[1] += memory[4] < 0 && memory[2] - memory[3] >= SWING ? 1 : 0;
            next[2] = memory[3];
        }
        next[3] = accuracy;
        next[4] = direction == 0 ? memory[4] : direction;
        double share = next[1] / next[0];
        return Answer.of(share >= SHARE_OF_SWINGS, share, next);
    }
}
