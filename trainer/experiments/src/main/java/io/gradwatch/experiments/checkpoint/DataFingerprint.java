package io.gradwatch.experiments.checkpoint;

import static java.util.Objects.requireNonNull;

/**
 * Tells whether two runs learn from the same images.
 *
 * @param name of the data set
 * @param sha256 of the training records as read, lower-case hexadecimal
 * @param train number of training images; likewise the others
 */
public record DataFingerprint(String name, String sha256, int train, int validation, int test) {
    public DataFingerprint {
        requireNonNull(name, "name");
        requireNonNull(sha256, "sha256");
    }

    /** For a person. */
    public String describe() {
        return name + " (" + train + " training, " + validation + " validation and " + test + " test images, SHA-256 "
                + sha256.substring(0, Math.min(12, sha256.length())) + "…)";
    }
}
