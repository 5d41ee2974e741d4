package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.network.Architecture;
import io.gradwatch.experiments.network.NetworkSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code train} that change a preset's network; what is not given stays as the preset has it. */
final class NetworkOptions {
    private static final int MOST_BLOCKS = 64;

    @Option(
            names = "--depth-blocks",
            paramLabel = "N",
            description = "Blocks of each of the three stages: processing blocks of a VGG or Highway network,"
                    + " layers of a DenseNet, residual blocks of the others. Default: the preset's.")
    @Nullable
    String depthBlocks;

    @Option(
            names = "--filters",
            paramLabel = "N",
            description = "Channels of the entry convolution, from which the others follow. Default: the preset's.")
    @Nullable
    String filters;

    @Option(
            names = "--bn",
            paramLabel = "WHERE",
            description =
                    "Batch normalisation: before or after each activation, after the entry convolution only, or none."
                            + " Default: the preset's.")
    @Nullable
    String normalisation;

    @Option(
            names = "--skip",
            paramLabel = "KIND",
            description = "Of a VGG network, around each block: none, or the identity, made to fit a reduction block by"
                    + " a 1×1 convolution (conv), average (avg) or max pooling (max). Default: the preset's.")
    @Nullable
    String skip;

    @Option(
            names = "--activation",
            paramLabel = "NAME",
            description = "After every convolution: leaky-relu, relu, sigmoid, tanh. Default: the preset's.")
    @Nullable
    String activation;

    @Option(
            names = "--init",
            paramLabel = "NAME",
            description = "Initial weights: uniform (±1/sqrt(fan-in), biases too), xavier, he. Default: the preset's.")
    @Nullable
    String initialisation;

    @Option(
            names = "--gate-bias",
            paramLabel = "VALUE",
            description = "Of a Highway network: initial bias of its gates. Default: the preset's.")
    @Nullable
    String gateBias;

    @Option(
            names = "--growth",
            paramLabel = "N",
            description = "Of a DenseNet: channels that each layer adds. Default: the preset's.")
    @Nullable
    String growth;

    @Option(
            names = "--widen",
            paramLabel = "N",
            description = "Of a Wide ResNet: factor of its channels. Default: the preset's.")
    @Nullable
    String widen;

    @Option(
            names = "--cardinality",
            paramLabel = "N",
            description = "Of a ResNeXt: parallel paths of a block; divides the filters. Default: the preset's.")
    @Nullable
    String cardinality;

    /**
     * The preset's network with what was asked for; what cannot be had becomes a problem. Where there is a problem with
     * the preset already, nothing is said of options that its family does not have.
     */
    NetworkSpec read(NetworkSpec base, Problems problems) {
        Arguments arguments = new Arguments(problems);
        if (problems.isEmpty()) {
            refuseForeign(base, problems);
        }
        Architecture architecture = architecture(base.architecture(), arguments);
        int width = arguments.count("--filters", filters, base.filters(), 1, 1024);
        var bn = arguments.oneOf("--bn", normalisation, base.normalisation());
        var function = arguments.oneOf("--activation", activation, base.activation());
        var initial = arguments.oneOf("--init", initialisation, base.initialisation());
        try {
            return new NetworkSpec(
                    architecture, width, bn, function, initial, base.classes(), base.layers(), base.dataType());
        } catch (IllegalArgumentException e) {
            problems.add("this network cannot be: " + e.getMessage());
            return base;
        }
    }

    private Architecture architecture(Architecture base, Arguments arguments) {
        int least = base instanceof Architecture.Vgg || base instanceof Architecture.Highway ? 0 : 1;
        int blocks = arguments.count("--depth-blocks", depthBlocks, base.depthBlocks(), least, MOST_BLOCKS);
        if (base instanceof Architecture.Vgg vgg) {
            return new Architecture.Vgg(blocks, arguments.oneOf("--skip", skip, vgg.skip()));
        } else if (base instanceof Architecture.Highway highway) {
            return new Architecture.Highway(
                    blocks, arguments.number("--gate-bias", gateBias, highway.gateBias(), -20, false, 20));
        } else if (base instanceof Architecture.DenseNet dense) {
            return new Architecture.DenseNet(blocks, arguments.count("--growth", growth, dense.growth(), 1, 256));
        } else if (base instanceof Architecture.WideResNet wide) {
            return new Architecture.WideResNet(blocks, arguments.count("--widen", widen, wide.widen(), 1, 32));
        } else if (base instanceof Architecture.ResNeXt paths) {
            return new Architecture.ResNeXt(
                    blocks, arguments.count("--cardinality", cardinality, paths.cardinality(), 1, 64));
        }
        throw new AssertionError(base);
    }

    private void refuseForeign(NetworkSpec base, Problems problems) {
        Map<String, @Nullable String> ofSomeFamilies = new LinkedHashMap<>();
        ofSomeFamilies.put("skip", skip);
        ofSomeFamilies.put("gate-bias", gateBias);
        ofSomeFamilies.put("growth", growth);
        ofSomeFamilies.put("widen", widen);
        ofSomeFamilies.put("cardinality", cardinality);
        Map<String, String> own = base.options();
        ofSomeFamilies.forEach((name, value) -> {
            if (value != null && !own.containsKey(name)) {
                problems.add("--" + name + " " + value + ": means nothing for a "
                        + base.architecture().family() + "; of the network, accepted are "
                        + own.keySet().stream().map(option -> "--" + option).collect(Collectors.joining(", ")));
            }
        });
    }
}
