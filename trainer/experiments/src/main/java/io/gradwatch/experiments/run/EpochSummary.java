package io.gradwatch.experiments.run;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * What an epoch brought.
 *
 * @param epoch 0-based
 * @param lastIteration of the epoch, 0-based
 * @param trainLoss mean over the epoch's images, each before the step it took part in; without weight decay
 * @param trainAccuracy likewise, 0 to 1
 * @param validationLoss empty if the epoch was not validated
 * @param validationAccuracy 0 to 1, empty likewise
 * @param learningRate of the epoch's steps
 * @param duration with the validation
 * @param waitedForData share of the duration that the training thread waited for batches, 0 to 1
 */
public record EpochSummary(
        int epoch,
        long lastIteration,
        double trainLoss,
        double trainAccuracy,
        OptionalDouble validationLoss,
        OptionalDouble validationAccuracy,
        double learningRate,
        Duration duration,
        double waitedForData) {}
