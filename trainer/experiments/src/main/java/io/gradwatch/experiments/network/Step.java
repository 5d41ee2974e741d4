package io.gradwatch.experiments.network;

import java.util.List;

/** One step of a network's forward pass; its inputs are names of earlier steps or {@link #INPUT}. */
sealed interface Step {
    /** Name of the network's input. */
    String INPUT = "input";

    /** What later steps call this step's result; unique in a network. */
    String name();

    /** Where it takes its arguments from; the one on the main path comes first. */
    List<String> inputs();

    /**
     * A square convolution that keeps the image size (divided by the stride), with what belongs to it.
     *
     * @param block where it stands, for people: "entry", "stage 1 block 2", ...
     * @param mainPath false on a skip path, for a gate, and for all parallel paths but the first
     * @param batchNorm whether batch normalisation follows directly
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
        @Override
        public List<String> inputs() {
            return List.of(input);
        }

        /** "stage1.block2.conv1" to "stage1.block2.bn1". */
        String batchNormName() {
            return name.replace("conv", "bn");
        }

        String activationName() {
            return name.replace("conv", "activation");
        }
    }

    /** Batch normalisation that does not directly follow its convolution, then, perhaps, the network's activation. */
    record BatchNorm(String name, String input, int channels, boolean activation) implements Step {
        @Override
        public List<String> inputs() {
            return List.of(input);
        }

        String activationName() {
            return name.replace("bn", "activation");
        }
    }

    /** The network's activation alone. */
    record Activate(String name, String input) implements Step {
        @Override
        public List<String> inputs() {
            return List.of(input);
        }
    }

    /** Average over squares of 2×2 pixels. */
    record AveragePool(String name, String input) implements Step {
        @Override
        public List<String> inputs() {
            return List.of(input);
        }
    }

    /** Maximum over squares of 2×2 pixels. */
    record MaxPool(String name, String input) implements Step {
        @Override
        public List<String> inputs() {
            return List.of(input);
        }
    }

    /** Sum of the main path and the skip path, then the network's activation. */
    record Join(String name, String main, String skip) implements Step {
        @Override
        public List<String> inputs() {
            return List.of(main, skip);
        }
    }

    /** Sum of the main path and the skip path, without activation. */
    record Sum(String name, String main, String skip) implements Step {
        @Override
        public List<String> inputs() {
            return List.of(main, skip);
        }
    }

    /** The channels of all inputs, one after the other; they have the same height and width. */
    record Concatenation(String name, List<String> inputs) implements Step {
        public Concatenation {
            inputs = List.copyOf(inputs);
        }
    }

    /**
     * {@code T·candidate + (1 − T)·carried}, T being the sigmoid of the transform.
     *
     * @param transform a convolution with bias
     * @param initialBias of that convolution
     */
    record Gate(String name, String candidate, String transform, String carried, double initialBias) implements Step {
        @Override
        public List<String> inputs() {
            return List.of(candidate, transform, carried);
        }
    }

    /** Average over the whole image. */
    record GlobalAveragePool(String name, String input) implements Step {
        @Override
        public List<String> inputs() {
            return List.of(input);
        }
    }

    /** Dense layer with bias and softmax; the loss is the cross-entropy. */
    record Classifier(String name, String input, String block, int inputChannels, int classes) implements Step {
        @Override
        public List<String> inputs() {
            return List.of(input);
        }
    }
}
