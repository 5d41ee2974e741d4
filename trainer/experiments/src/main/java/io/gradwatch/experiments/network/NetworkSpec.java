package io.gradwatch.experiments.network;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A network for images of 32×32×3.
 *
 * @param architecture its family, and what only that family has
 * @param filters channels of the entry convolution, 1 to 1024, from which the family derives the others; the paper's VGG
 *     networks have 32 throughout
 * @param normalisation whether and where batch normalisation stands
 * @param activation behind every convolution
 * @param initialisation of weights and biases
 * @param classes width of the softmax layer, at least 2
 * @param layers which implementation
 * @param dataType {@link DataType#FLOAT}, or {@link DataType#DOUBLE}, which is slow and for checks
 */
public record NetworkSpec(
        Architecture architecture,
        int filters,
        Normalisation normalisation,
        Activation activation,
        Initialisation initialisation,
        int classes,
        LayerKind layers,
        DataType dataType) {

    /** Height and width of the images. */
    public static final int IMAGE_SIZE = 32;

    /** Channels of the images. */
    public static final int IMAGE_CHANNELS = 3;

    /** Stages of every network. */
    public static final int STAGES = 3;

    /** Added to the variance in batch normalisation. */
    public static final double BATCH_NORM_EPSILON = 1e-5;

    /** Share of the old value that a running average of batch normalisation keeps in each step. */
    public static final double BATCH_NORM_DECAY = 0.9;

    /** @throws IllegalArgumentException naming the component, its value and what is accepted */
    public NetworkSpec {
        requireNonNull(architecture, "architecture");
        requireNonNull(normalisation, "normalisation");
        requireNonNull(activation, "activation");
        requireNonNull(initialisation, "initialisation");
        requireNonNull(layers, "layers");
        requireRange("filters", filters, 1, 1024);
        requireRange("classes", classes, 2, 100_000);
        if (dataType != DataType.FLOAT && dataType != DataType.DOUBLE) {
            throw new IllegalArgumentException("data type " + dataType + ": accepted are FLOAT and DOUBLE");
        }
        if (normalisation == Normalisation.AFTER && normalisesInputs(architecture)) {
            throw new IllegalArgumentException("batch normalisation after the activation: a " + architecture.family()
                    + " normalises what enters its layers; accepted are before and none");
        }
        if (normalisation == Normalisation.ENTRY && !(architecture instanceof Architecture.Vgg)) {
            throw new IllegalArgumentException("batch normalisation of the entry convolution alone: a "
                    + architecture.family() + " has it in all layers or in none; accepted are before, none"
                    + (normalisesInputs(architecture) ? "" : " and after"));
        }
        if (architecture instanceof Architecture.ResNeXt paths && filters % paths.cardinality() != 0) {
            throw new IllegalArgumentException("filters " + filters + " with cardinality " + paths.cardinality()
                    + ": accepted are multiples of the cardinality");
        }
    }

    /** A network of 100 classes on fast layers: leaky ReLU, uniform initialisation, no normalisation. */
    public static NetworkSpec of(Architecture architecture, int filters) {
        return new NetworkSpec(
                architecture,
                filters,
                Normalisation.NONE,
                Activation.LEAKY_RELU,
                Initialisation.UNIFORM,
                100,
                LayerKind.FAST,
                DataType.FLOAT);
    }

    /** A plain network of the paper: 32 filters, 100 classes, leaky ReLU, no normalisation, no skips, fast layers. */
    public static NetworkSpec plain(int processingBlocks) {
        return of(new Architecture.Vgg(processingBlocks, Skip.NONE), 32);
    }

    /**
     * The hyper-parameters by their names on the command line, as text that it accepts; those that the family does not
     * have are not among them.
     */
    public Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>(architecture.options());
        options.put("filters", Integer.toString(filters));
        options.put("bn", optionOf(normalisation));
        options.put("activation", optionOf(activation));
        options.put("init", optionOf(initialisation));
        return options;
    }

    /** A constant's name on the command line: {@code LEAKY_RELU} becomes "leaky-relu". */
    public static String optionOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public NetworkSpec withArchitecture(Architecture value) {
        return new NetworkSpec(value, filters, normalisation, activation, initialisation, classes, layers, dataType);
    }

    public NetworkSpec withFilters(int value) {
        return new NetworkSpec(
                architecture, value, normalisation, activation, initialisation, classes, layers, dataType);
    }

    public NetworkSpec withNormalisation(Normalisation value) {
        return new NetworkSpec(architecture, filters, value, activation, initialisation, classes, layers, dataType);
    }

    /** @throws IllegalArgumentException unless this is a VGG network */
    public NetworkSpec withSkip(Skip value) {
        if (!(architecture instanceof Architecture.Vgg vgg)) {
            throw new IllegalArgumentException("skip " + optionOf(value) + ": a " + architecture.family()
                    + " has its own way around its layers; accepted for VGG networks");
        }
        return withArchitecture(new Architecture.Vgg(vgg.depthBlocks(), value));
    }

    public NetworkSpec withActivation(Activation value) {
        return new NetworkSpec(architecture, filters, normalisation, value, initialisation, classes, layers, dataType);
    }

    public NetworkSpec withInitialisation(Initialisation value) {
        return new NetworkSpec(architecture, filters, normalisation, activation, value, classes, layers, dataType);
    }

    public NetworkSpec withClasses(int value) {
        return new NetworkSpec(
                architecture, filters, normalisation, activation, initialisation, value, layers, dataType);
    }

    public NetworkSpec withLayers(LayerKind value) {
        return new NetworkSpec(
                architecture, filters, normalisation, activation, initialisation, classes, value, dataType);
    }

    public NetworkSpec withDataType(DataType value) {
        return new NetworkSpec(
                architecture, filters, normalisation, activation, initialisation, classes, layers, value);
    }

    private static boolean normalisesInputs(Architecture architecture) {
        return architecture instanceof Architecture.DenseNet || architecture instanceof Architecture.WideResNet;
    }

    private static void requireRange(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " " + value + ": accepted are " + least + " to " + most);
        }
    }
}
