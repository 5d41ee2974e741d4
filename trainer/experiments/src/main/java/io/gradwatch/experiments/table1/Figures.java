package io.gradwatch.experiments.table1;

/**
 * What a finished run measured. Accuracies are shares of 0 to 1; losses are NaN if the network's outputs were; NaN, too,
 * is what could not be measured.
 *
 * @param bestEpoch 0-based, the one with the best validation accuracy
 * @param testAccuracy with the parameters of that epoch
 * @param testLoss likewise
 * @param validationAccuracy of that epoch
 * @param validationLoss likewise
 * @param trainAccuracy over that epoch's steps, each image before the step it took part in
 * @param trainLoss likewise
 * @param epochs trained
 * @param iterations made, over all attempts
 */
public record Figures(
        int bestEpoch,
        double testAccuracy,
        double testLoss,
        double validationAccuracy,
        double validationLoss,
        double trainAccuracy,
        double trainLoss,
        int epochs,
        long iterations) {
    private static final double PERCENT = 100;

    double testPercent() {
        return PERCENT * testAccuracy;
    }

    double trainPercent() {
        return PERCENT * trainAccuracy;
    }
}
