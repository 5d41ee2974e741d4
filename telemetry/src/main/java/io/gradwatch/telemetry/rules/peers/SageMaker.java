package io.gradwatch.telemetry.rules.peers;

import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.telemetry.rules.Rule;
import io.gradwatch.telemetry.rules.Signals;
import io.gradwatch.telemetry.rules.peers.Formula.Answer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Built-in rules of Amazon SageMaker Debugger with their defaults. As shipped it saves tensors every 500 steps. */
final class SageMaker {
    private static final int SAVED_EVERY = 500;
    private static final double VANISHED = 1e-7;
    private static final double LARGE_RATIO = 10;
    private static final double SMALL_RATIO = 1e-8;
    private static final double OVERFIT = 0.1;
    private static final double NARROW = 0.001;
    private static final int FIRST_STEPS = 10;
    private static final int STEPS = 10;
    private static final double LEAST_DECREASE = 0.001;

    /** Of a normal distribution with mean |g| = 1: its standard deviation √(π/2), times 2 · 1.645. */
    private static final double P95_TO_P5 = 4.123;

    private static final String SAVED = " Judged every 500 steps, as tensors are saved by default.";
    private static final String LIVE = " Judged every iteration.";

    static final List<Rule> RULES = List.of(
            new PeerRule(
                    "sagemaker-vanishing-gradient",
                    Set.of("vanishing"),
                    "VanishingGradient: mean |g| of any layer below 1e-7. A layer's weights and bias are one here."
                            + SAVED,
                    Map.of("threshold", VANISHED, "every_iterations", (double) SAVED_EVERY),
                    Moment.every(SAVED_EVERY),
                    SageMaker::vanishing),
            new PeerRule(
                    "sagemaker-vanishing-gradient-every-iteration",
                    Set.of("vanishing"),
                    "VanishingGradient: mean |g| of any layer below 1e-7. A layer's weights and bias are one here."
                            + LIVE,
                    Map.of("threshold", VANISHED),
                    Moment.everyIteration(),
                    SageMaker::vanishing),
            new PeerRule(
                    "sagemaker-exploding-tensor",
                    Set.of("nan", "exploding"),
                    "ExplodingTensor: NaN or infinity in any tensor; here in gradients, weights and the loss." + SAVED,
                    Map.of("every_iterations", (double) SAVED_EVERY),
                    Moment.every(SAVED_EVERY),
                    SageMaker::exploding),
            new PeerRule(
                    "sagemaker-exploding-tensor-every-iteration",
                    Set.of("nan", "exploding"),
                    "ExplodingTensor: NaN or infinity in any tensor; here in gradients, weights and the loss." + LIVE,
                    Map.of(),
                    Moment.everyIteration(),
                    SageMaker::exploding),
            new PeerRule(
                    "sagemaker-loss-not-decreasing",
                    Set.of("vanishing", "chance-level", "plateau"),
                    "LossNotDecreasing: the loss falls by less than 0.1 % over 10 steps or more; with saved steps, from one"
                            + " to the next." + SAVED,
                    Map.of("num_steps", (double) STEPS, "diff", LEAST_DECREASE, "every_iterations", (double)
                            SAVED_EVERY),
                    Moment.every(SAVED_EVERY),
                    (signals, memory) -> notDecreasing(signals, memory, SAVED_EVERY)),
            new PeerRule(
                    "sagemaker-loss-not-decreasing-every-iteration",
                    Set.of("vanishing", "chance-level", "plateau"),
                    "LossNotDecreasing: the loss falls by less than 0.1 % over 10 steps." + LIVE,
                    Map.of("num_steps", (double) STEPS, "diff", LEAST_DECREASE),
                    Moment.everyIteration(),
                    (signals, memory) -> notDecreasing(signals, memory, STEPS)),
            new PeerRule(
                    "sagemaker-loss-not-decreasing-epochs",
                    Set.of("vanishing", "chance-level", "plateau"),
                    "LossNotDecreasing: the training loss falls by less than 0.1 % over 10 epochs. For logs by epoch.",
                    Map.of("num_steps", (double) STEPS, "diff", LEAST_DECREASE),
                    Moment.epochEnds(),
                    SageMaker::notDecreasingByEpoch),
            new PeerRule(
                    "sagemaker-overfit",
                    Set.of("overfit"),
                    "Overfit: (validation loss − training loss) / training loss above 0.1 at the end of an epoch (patience 1).",
                    Map.of("ratio", OVERFIT),
                    Moment.epochEnds(),
                    SageMaker::overfit),
            new PeerRule(
                    "sagemaker-weight-update-ratio",
                    Set.of("step-size"),
                    "WeightUpdateRatio: ‖Δw‖ / ‖w‖ of any layer above 10 or below 1e-8; without its ε of 1e-9." + SAVED,
                    Map.of("large", LARGE_RATIO, "small", SMALL_RATIO, "every_iterations", (double) SAVED_EVERY),
                    Moment.every(SAVED_EVERY),
                    SageMaker::updateRatio),
            new PeerRule(
                    "sagemaker-weight-update-ratio-every-iteration",
                    Set.of("step-size"),
                    "WeightUpdateRatio: ‖Δw‖ / ‖w‖ of any layer above 10 or below 1e-8; without its ε of 1e-9." + LIVE,
                    Map.of("large", LARGE_RATIO, "small", SMALL_RATIO),
                    Moment.everyIteration(),
                    SageMaker::updateRatio),
            new PeerRule(
                    "sagemaker-poor-weight-initialization",
                    Set.of("vanishing"),
                    "PoorWeightInitialization, its gradient part alone: |p95 − p5| of a layer's gradient below 0.001 within"
                            + " the first 10 steps. Percentiles are taken from mean |g| as if it were normal: p95 − p5 = 4.12 ·"
                            + " mean |g|.",
                    Map.of("threshold", NARROW, "first_steps", (double) FIRST_STEPS),
                    Moment.first(FIRST_STEPS),
                    SageMaker::poorInitialisation));

    private SageMaker() {}

    private static Answer vanishing(Signals signals, double[] memory) {
        double least = Gradients.least(Gradients.meanAbs(signals));
        return Double.isNaN(least) ? Answer.nothing() : Answer.of(least < VANISHED, least);
    }

    private static Answer exploding(Signals signals, double[] memory) {
        Iteration iteration = signals.iteration();
        if (iteration == null) {
            return Answer.nothing();
        }
        LayerStatistics s = iteration.getLayers();
        boolean holds = (iteration.hasLoss() && !Float.isFinite(iteration.getLoss()))
                || s.getMeanAbsList().stream().anyMatch(v -> !Float.isFinite(v))
                || s.getNanCountList().stream().anyMatch(n -> n != 0)
                || s.getInfCountList().stream().anyMatch(n -> n != 0)
                || s.getParameterL2List().stream().anyMatch(v -> !Float.isFinite(v));
        return Answer.of(holds, iteration.hasLoss() ? iteration.getLoss() : Double.NaN);
    }

    private static Answer notDecreasing(Signals signals, double[] memory, int every) {
        Iteration iteration = signals.iteration();
        boolean saved =
                iteration != null && iteration.hasLoss() && (every == STEPS || iteration.getIteration() % every == 0);
        if (iteration == null || !saved) {
            return Answer.nothing(memory);
        }
        return fallen(signals.attempt(), memory, iteration.getLoss(), every == STEPS ? STEPS : 1);
    }

    private static Answer notDecreasingByEpoch(Signals signals, double[] memory) {
        return signals.epoch() == null || !signals.epoch().hasTrainLoss()
                ? Answer.nothing(memory)
                : fallen(signals.attempt(), memory, signals.epoch().getTrainLoss(), STEPS);
    }

    /**
     * Memory: the attempt, then its last losses, at most so many as there are steps, newest last. A new attempt is another job
     * to that tool.
     */
    private static Answer fallen(int attempt, double[] memory, double loss, int steps) {
        double[] before = memory.length > 0 && memory[0] == attempt ? memory : new double[] {attempt};
        boolean full = before.length == 1 + steps;
        double[] next = Arrays.copyOf(before, full ? before.length : before.length + 1);
        if (full) {
            System.arraycopy(before, 2, next, 1, steps - 1);
        }
        next[next.length - 1] = loss;
        if (!full) {
            return Answer.nothing(next);
        }
        double decrease = (before[1] - loss) / Math.abs(before[1]);
        return Answer.of(decrease < LEAST_DECREASE, decrease, next);
    }

    private static Answer overfit(Signals signals, double[] memory) {
        var epoch = signals.epoch();
        if (epoch == null || !epoch.hasTrainLoss() || !epoch.hasValidationLoss()) {
            return Answer.nothing();
        }
        double gap = (epoch.getValidationLoss() - epoch.getTrainLoss()) / (double) epoch.getTrainLoss();
        return Answer.of(gap > OVERFIT, gap);
    }

    private static Answer updateRatio(Signals signals, double[] memory) {
        double[] ratios = Gradients.updateRatios(signals);
        double most = Gradients.most(ratios);
        double least = Gradients.least(ratios);
        if (Double.isNaN(most)) {
            return Answer.nothing();
        }
        return Answer.of(most > LARGE_RATIO || least < SMALL_RATIO, most > LARGE_RATIO ? most : least);
    }

    private static Answer poorInitialisation(Signals signals, double[] memory) {
        double narrowest = P95_TO_P5 * Gradients.least(Gradients.meanAbs(signals));
        return Double.isNaN(narrowest) ? Answer.nothing() : Answer.of(narrowest < NARROW, narrowest);
    }
}
