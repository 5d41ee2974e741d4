package io.gradwatch.experiments.network;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** What the presets are. */
final class Presets {
    private static final double LEARNING_RATE = 0.001;

    private static final NetworkSpec VGG08 = NetworkSpec.plain(0);
    private static final NetworkSpec VGG08_BN = VGG08.withNormalisation(Normalisation.BEFORE);
    private static final NetworkSpec VGG38 = NetworkSpec.plain(5);
    private static final NetworkSpec VGG38_BN = VGG38.withNormalisation(Normalisation.BEFORE);
    private static final NetworkSpec VGG38_BN_RESNET = VGG38_BN.withSkip(Skip.CONV);

    /**
     * Not initialised like the others: carried through its reductions, a signal that each convolution weakens leaves its
     * transformations without gradient for a hundred iterations and more.
     */
    private static final NetworkSpec HIGHWAY =
            NetworkSpec.of(new Architecture.Highway(5, -3), 32).withInitialisation(Initialisation.HE);

    static final List<Preset> TABLE_1 = List.of(
            row("vgg08", VGG08, 100, 0.001, 0, 49.95, 55.24),
            row("vgg08-bn", VGG08_BN, 100, 0.001, 0, 53.89, 59.65),
            row("vgg08-bn-resnet", VGG08_BN.withSkip(Skip.CONV), 100, 0.001, 0, 54.45, 60.74),
            row("vgg38", VGG38, 100, 0.001, 0, 1, 1),
            row("vgg38-bn", VGG38_BN, 100, 0.001, 0, 46.78, 54.20),
            row("vgg38-bn-lr0.01", VGG38_BN, 100, 0.01, 0, 44.14, 48.33),
            row("vgg38-bn-lr0.1", VGG38_BN, 100, 0.1, 0, 22.46, 24.86),
            row("vgg38-bn-b256", VGG38_BN, 256, 0.001, 0, 47.22, 58.05),
            row("vgg38-bn-b512", VGG38_BN, 512, 0.001, 0, 46.49, 60.43),
            row("vgg38-sigmoid-bn", VGG38_BN.withActivation(Activation.SIGMOID), 512, 0.001, 0, 26.88, 28.29),
            row("vgg38-resnet", VGG38.withSkip(Skip.CONV), 100, 0.001, 0, 44.77, 52.20),
            row("vgg38-bn-resnet", VGG38_BN_RESNET, 512, 0.001, 0, 58.84, 78.65),
            row("vgg38-bn-resnet-lr0.1-wd1e-4", VGG38_BN_RESNET, 512, 0.1, 1e-4, 30.22, 29.70),
            row("vgg38-bn-resnet-b256-lr0.01-wd6e-4", VGG38_BN_RESNET, 256, 0.01, 6e-4, 57.67, 72.81),
            row("vgg38-bn-resnet-b256-lr0.01-wd1e-4", VGG38_BN_RESNET, 256, 0.01, 1e-4, 58.25, 67.50),
            row("vgg38-bn-resnet-b256-lr0.001-wd1e-4", VGG38_BN_RESNET, 256, 0.001, 1e-4, 61.81, 85.21));

    static final List<Preset> FURTHER = List.of(
            further("vgg08-bn-entry", VGG08.withNormalisation(Normalisation.ENTRY), 100),
            further("vgg38-bn-entry", VGG38.withNormalisation(Normalisation.ENTRY), 100),
            further("vgg08-resnet", VGG08.withSkip(Skip.CONV), 100),
            further("vgg08-sigmoid-bn", VGG08_BN.withActivation(Activation.SIGMOID), 100),
            further("vgg08-bn-after", VGG08.withNormalisation(Normalisation.AFTER), 100),
            further("vgg38-bn-after", VGG38.withNormalisation(Normalisation.AFTER), 100),
            further("vgg08-bn-resnet-avg", VGG08_BN.withSkip(Skip.AVG), 100),
            further("vgg08-bn-resnet-max", VGG08_BN.withSkip(Skip.MAX), 100),
            further("vgg38-bn-resnet-avg", VGG38_BN.withSkip(Skip.AVG), 512),
            further("vgg38-bn-resnet-max", VGG38_BN.withSkip(Skip.MAX), 512),
            further("densenet", normalised(new Architecture.DenseNet(6, 12), 24), 100),
            further("highway", HIGHWAY, 100),
            further("wide-resnet", normalised(new Architecture.WideResNet(2, 2), 16), 100),
            further("resnext", normalised(new Architecture.ResNeXt(2, 4), 32), 100));

    static final List<Preset> ALL =
            Stream.concat(TABLE_1.stream(), FURTHER.stream()).toList();

    private Presets() {}

    private static NetworkSpec normalised(Architecture architecture, int filters) {
        return NetworkSpec.of(architecture, filters).withNormalisation(Normalisation.BEFORE);
    }

    private static Preset row(
            String name,
            NetworkSpec spec,
            int batchSize,
            double learningRate,
            double weightDecay,
            double test,
            double train) {
        return new Preset(
                name, spec, batchSize, learningRate, weightDecay, OptionalDouble.of(test), OptionalDouble.of(train));
    }

    private static Preset further(String name, NetworkSpec spec, int batchSize) {
        return new Preset(name, spec, batchSize, LEARNING_RATE, 0, OptionalDouble.empty(), OptionalDouble.empty());
    }
}
