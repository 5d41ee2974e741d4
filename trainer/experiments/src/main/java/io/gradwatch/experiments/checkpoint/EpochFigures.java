package io.gradwatch.experiments.checkpoint;

import org.jspecify.annotations.Nullable;

/**
 * What an epoch brought, as far as later epochs need it.
 *
 * @param epoch 0-based
 * @param lastIteration of the epoch, 0-based
 * @param trainLoss mean over the epoch's images, each before the step it took part in; may be NaN or infinite
 * @param trainAccuracy likewise, 0 to 1
 * @param validationLoss null if the epoch was not validated; may be NaN or infinite
 * @param validationAccuracy 0 to 1, null likewise
 */
public record EpochFigures(
        int epoch,
        long lastIteration,
        double trainLoss,
        double trainAccuracy,
        @Nullable Double validationLoss,
        @Nullable Double validationAccuracy) {}
