package io.gradwatch.listener;

/**
 * What is measured in some iterations only: every so many, those whose number is a multiple; 0 for never.
 *
 * @param histograms of gradients and weights
 * @param activations of the layers
 * @param curvature along the gradient
 * @param shattering of the gradient
 * @param resources whether the process's use of the machine is measured, once a second
 */
record Sampling(int histograms, int activations, int curvature, int shattering, boolean resources) {
    static boolean due(int every, long iteration) {
        return every > 0 && iteration % every == 0;
    }
}
