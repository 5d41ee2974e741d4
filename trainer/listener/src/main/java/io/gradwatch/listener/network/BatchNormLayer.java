package io.gradwatch.listener.network;

/**
 * A batch-normalisation layer. Offsets are into the flattened arrays.
 *
 * @param name its name in the network
 * @param follows index of the weight layer whose output it normalises, -1 when there is none
 * @param channels length of each of its arrays
 * @param gamma offset of the scale, -1 when it is fixed
 * @param beta offset of the shift, -1 when it is fixed
 * @param fixedGamma the scale where it is fixed
 * @param fixedBeta the shift where it is fixed
 * @param mean offset of the running mean
 * @param deviation offset of the running variance, or of the logarithm (base 10) of the running standard deviation
 * @param logarithmic whether it is the logarithm
 * @param decay weight of the old value when the running values move, 0 to 1
 * @param epsilon added to the variance
 */
public record BatchNormLayer(
        String name,
        int follows,
        int channels,
        long gamma,
        long beta,
        double fixedGamma,
        double fixedBeta,
        long mean,
        long deviation,
        boolean logarithmic,
        double decay,
        double epsilon) {}
