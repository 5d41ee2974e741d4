package io.gradwatch.experiments.run;

import io.gradwatch.experiments.checkpoint.EpochFigures;
import io.gradwatch.experiments.checkpoint.RunManifest;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a run came to: the figures of the network with the parameters of one epoch, the one with the best validation
 * accuracy; of several alike the first. Where no epoch was validated, it is the last one, and the validation figures are
 * empty.
 *
 * <p>Losses are means over images without weight decay and may be NaN or infinite; accuracies are 0 to 1.
 *
 * @param bestEpoch 0-based
 * @param validationLoss after the epoch
 * @param validationAccuracy likewise
 * @param testLoss with the parameters after the epoch, at the end of the run; empty without test images
 * @param testAccuracy likewise
 * @param trainLoss over the epoch's steps, each before it was made; empty if the epoch has none
 * @param trainAccuracy likewise
 */
public record RunResult(
        int bestEpoch,
        OptionalDouble validationLoss,
        OptionalDouble validationAccuracy,
        OptionalDouble testLoss,
        OptionalDouble testAccuracy,
        OptionalDouble trainLoss,
        OptionalDouble trainAccuracy) {

    /** Whether {@link #bestEpoch} was chosen by a validation. */
    public boolean validated() {
        return validationAccuracy.isPresent();
    }

    /** The result that a run's manifest tells. */
    public static RunResult of(RunManifest.End end) {
        return of(end.figures(), end.testLoss(), end.testAccuracy());
    }

    static RunResult of(EpochFigures epoch, @Nullable Double testLoss, @Nullable Double testAccuracy) {
        boolean trained = !Double.isNaN(epoch.trainAccuracy());
        return new RunResult(
                epoch.epoch(),
                optional(epoch.validationLoss()),
                optional(epoch.validationAccuracy()),
                optional(testLoss),
                optional(testAccuracy),
                trained ? OptionalDouble.of(epoch.trainLoss()) : OptionalDouble.empty(),
                trained ? OptionalDouble.of(epoch.trainAccuracy()) : OptionalDouble.empty());
    }

    private static OptionalDouble optional(@Nullable Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
