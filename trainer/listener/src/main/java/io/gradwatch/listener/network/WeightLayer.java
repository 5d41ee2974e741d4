package io.gradwatch.listener.network;

import java.util.List;

/**
 * A layer with weights.
 *
 * @param name its name in the network
 * @param type the framework's type in lower case: "conv2d", "dense"
 * @param onLongestPath whether it lies on the path with the most weight layers from an input to an output
 * @param frozen whether it is kept as it is, so that it has no gradient
 * @param weights where its weights lie in the flattened arrays; the biases are left out
 * @param shape of the weights; one number, their count, when there is more than one array of them
 */
public record WeightLayer(
        String name, String type, boolean onLongestPath, boolean frozen, List<Slot> weights, List<Integer> shape) {
    /**
     * A range of the flattened arrays.
     *
     * @param offset its first element
     * @param length number of elements
     */
    public record Slot(long offset, long length) {}

    /** Number of weights. */
    public long size() {
        return weights.stream().mapToLong(Slot::length).sum();
    }
}
