package io.gradwatch.experiments.data;

/**
 * A data set, split for training.
 *
 * @param name "cifar-100", "synthetic"
 * @param synthetic true for generated images
 * @param sha256 of the training records as read (before the split), lower-case hexadecimal
 * @param train to learn from
 * @param validation to measure each epoch; shares no image with {@code train}
 * @param test to measure once, at the very end
 */
public record ImageData(
        String name, boolean synthetic, String sha256, ImageSubset train, ImageSubset validation, ImageSubset test) {}
