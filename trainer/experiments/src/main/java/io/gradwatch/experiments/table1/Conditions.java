package io.gradwatch.experiments.table1;

/**
 * Under which conditions a row is trained; runs are averaged only over equal ones.
 *
 * @param epochs planned, at least 1
 * @param dataset "cifar-100", "synthetic"
 * @param synthetic whether the images are generated
 * @param changed settings that are not the paper's, for people ("filters 2"); empty for none
 * @param fingerprint of all settings but the seed, and of the images; equal for runs that may stand for each other
 */
public record Conditions(int epochs, String dataset, boolean synthetic, String changed, String fingerprint) {
    /** As many as the paper's runs have. */
    public static final int PAPER_EPOCHS = 100;

    /** Whether the network learns what the paper's did; the number of epochs may still differ. */
    boolean samePaperTask() {
        return !synthetic && changed.isEmpty();
    }

    /** Whether the figures may be set against the paper's as they are. */
    public boolean likePaper() {
        return samePaperTask() && epochs == PAPER_EPOCHS;
    }
}
