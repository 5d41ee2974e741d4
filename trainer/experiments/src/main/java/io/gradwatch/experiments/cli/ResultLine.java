package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.run.RunResult;
import java.util.Locale;
import java.util.OptionalDouble;

/** A run's result for a person, in one line. */
final class ResultLine {
    private ResultLine() {}

    static String of(RunResult result) {
        int epoch = result.bestEpoch() + 1;
        return "result: "
                + (result.validated()
                        ? "best epoch " + epoch
                                + figures(", validation", result.validationLoss(), result.validationAccuracy())
                        : "no epoch was validated; with the last parameters, epoch " + epoch)
                + figures(", test", result.testLoss(), result.testAccuracy())
                + figures(", train", result.trainLoss(), result.trainAccuracy());
    }

    private static String figures(String what, OptionalDouble loss, OptionalDouble accuracy) {
        return loss.isEmpty() || accuracy.isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%s loss %.4f acc %.2f %%",
                        what,
                        loss.getAsDouble(),
                        100 * accuracy.getAsDouble());
    }
}
