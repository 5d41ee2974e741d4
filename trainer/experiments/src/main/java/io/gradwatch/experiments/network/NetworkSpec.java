package io.gradwatch.experiments.network;

import static java.util.Objects.requireNonNull;

import org.nd4j.linalg.api.buffer.DataType;

/**
 * A VGG-like network for images of 32×32×3, as in the paper: an entry convolution, three stages of {@code
 * processingBlocks} processing blocks and one reduction block each, average pooling and a dense softmax layer.
 *
 * @param processingBlocks processing blocks per stage, 0 to 64: 0 gives 7 convolutions (VGG08), 5 gives 37 (VGG38)
 * @param filters channels of every convolution, 1 to 1024; the paper has 32
 * @param normalisation whether and where batch normalisation stands
 * @param skip what leads around each block
 * @param activation behind every convolution
 * @param initialisation of weights and biases
 * @param classes width of the softmax layer, at least 2
 * @param layers which implementation
 * @param dataType {@link DataType#FLOAT}, or {@link DataType#DOUBLE}, which is slow and for checks
 */
public record NetworkSpec(
        int processingBlocks,
        int filters,
        Normalisation normalisation,
        Skip skip,
        Activation activation,
        Initialisation initialisation,
        int classes,
        LayerKind layers,
        DataType dataType) {

    /** Height and width of the images. */
    public static final int IMAGE_SIZE = 32;

    /** Channels of the images. */
    public static final int IMAGE_CHANNELS = 3;

    /** Stages of every network; each ends with a reduction block that halves height and width. */
    public static final int STAGES = 3;

    /** Added to the variance in batch normalisation. */
    public static final double BATCH_NORM_EPSILON = 1e-5;

    /** Share of the old value that a running average of batch normalisation keeps in each step. */
    public static final double BATCH_NORM_DECAY = 0.9;

    /** @throws IllegalArgumentException naming the component, its value and what is accepted */
    public NetworkSpec {
        requireRange("processing blocks", processingBlocks, 0, 64);
        requireRange("filters", filters, 1, 1024);
        requireRange("classes", classes, 2, 100_000);
        requireNonNull(normalisation, "normalisation");
        requireNonNull(skip, "skip");
        requireNonNull(activation, "activation");
        requireNonNull(initialisation, "initialisation");
        requireNonNull(layers, "layers");
        if (dataType != DataType.FLOAT && dataType != DataType.DOUBLE) {
            throw new IllegalArgumentException("data type " + dataType + ": accepted are FLOAT and DOUBLE");
        }
    }

    /** A plain network of the paper: 32 filters, 100 classes, leaky ReLU, no normalisation, no skips, fast layers. */
    public static NetworkSpec plain(int processingBlocks) {
        return new NetworkSpec(
                processingBlocks,
                32,
                Normalisation.NONE,
                Skip.NONE,
                Activation.LEAKY_RELU,
                Initialisation.UNIFORM,
                100,
                LayerKind.FAST,
                DataType.FLOAT);
    }

    public NetworkSpec withFilters(int value) {
        return new NetworkSpec(
                processingBlocks, value, normalisation, skip, activation, initialisation, classes, layers, dataType);
    }

    public NetworkSpec withNormalisation(Normalisation value) {
        return new NetworkSpec(
                processingBlocks, filters, value, skip, activation, initialisation, classes, layers, dataType);
    }

    public NetworkSpec withSkip(Skip value) {
        return new NetworkSpec(
                processingBlocks, filters, normalisation, value, activation, initialisation, classes, layers, dataType);
    }

    public NetworkSpec withActivation(Activation value) {
        return new NetworkSpec(
                processingBlocks, filters, normalisation, skip, value, initialisation, classes, layers, dataType);
    }

    public NetworkSpec withInitialisation(Initialisation value) {
        return new NetworkSpec(
                processingBlocks, filters, normalisation, skip, activation, value, classes, layers, dataType);
    }

    public NetworkSpec withClasses(int value) {
        return new NetworkSpec(
                processingBlocks, filters, normalisation, skip, activation, initialisation, value, layers, dataType);
    }

    public NetworkSpec withLayers(LayerKind value) {
        return new NetworkSpec(
                processingBlocks, filters, normalisation, skip, activation, initialisation, classes, value, dataType);
    }

    public NetworkSpec withDataType(DataType value) {
        return new NetworkSpec(
                processingBlocks, filters, normalisation, skip, activation, initialisation, classes, layers, value);
    }

    private static void requireRange(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " " + value + ": accepted are " + least + " to " + most);
        }
    }
}
