package io.gradwatch.experiments.network;

/** One step of a network's forward pass; {@code input} and the like are names of earlier steps or {@link #INPUT}. */
sealed interface Step {
    /** Name of the network's input. */
    String INPUT = "input";

    /** What later steps call this step's result; unique in a network. */
    String name();

    /**
     * A square convolution that keeps the image size (divided by the stride), with what belongs to it.
     *
     * @param block where it stands, for people: "entry", "stage 1 block 2", ...
     * @param mainPath false on a skip path
     * @param batchNorm whether batch normalisation follows
     * @param activation whether the network's activation follows at the end
     */
    record Convolution(
            String name,
            String input,
            String block,
            boolean mainPath,
            int inputChannels,
            int channels,
            int kernel,
            int stride,
            boolean bias,
            boolean batchNorm,
            boolean activation)
            implements Step {
        /** "stage1.block2.conv1" to "stage1.block2.bn1". */
        String batchNormName() {
            return name.replace("conv", "bn");
        }

        String activationName() {
            return name.replace("conv", "activation");
        }
    }

    /** Average over squares of 2×2 pixels. */
    record AveragePool(String name, String input) implements Step {}

    /** Sum of the main path and the skip path, then the network's activation. */
    record Join(String name, String main, String skip) implements Step {}

    /** Average over the whole image. */
    record GlobalAveragePool(String name, String input) implements Step {}

    /** Dense layer with bias and softmax; the loss is the cross-entropy. */
    record Classifier(String name, String input, String block, int inputs, int classes) implements Step {}
}
