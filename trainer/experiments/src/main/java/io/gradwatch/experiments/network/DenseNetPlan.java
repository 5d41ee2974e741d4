package io.gradwatch.experiments.network;

import java.util.List;

/** DenseNet-BC: bottleneck layers whose results are put beside their input, and transitions that halve everything. */
final class DenseNetPlan extends NetworkPlan {
    /** Channels between the two convolutions of a layer, in growths. */
    private static final int BOTTLENECK = 4;

    private final Architecture.DenseNet dense;

    DenseNetPlan(NetworkSpec spec, Architecture.DenseNet dense) {
        super(spec);
        this.dense = dense;
    }

    @Override
    void lay() {
        String at = plain(entry());
        int channels = spec.filters();
        for (int stage = 1; stage <= NetworkSpec.STAGES; stage++) {
            for (int layer = 1; layer <= dense.depthBlocks(); layer++) {
                at = layer(at, channels, stage, layer);
                channels += dense.growth();
            }
            if (stage < NetworkSpec.STAGES) {
                at = transition(at, channels, stage);
                channels = half(channels);
            }
        }
        head(activated("head.", "", at, channels), channels);
    }

    private String layer(String input, int channels, int stage, int number) {
        String block = "stage " + stage + " layer " + number;
        String prefix = "stage" + stage + ".layer" + number + ".";
        int inner = BOTTLENECK * dense.growth();
        String normalised = activated(prefix, "0", input, channels);
        String first = unit(new Conv(prefix + "conv1", normalised, block, channels, inner, 1), true);
        String second = plain(new Conv(prefix + "conv2", first, block, inner, dense.growth(), 3));
        return add(new Step.Concatenation(prefix + "concatenation", List.of(input, second)));
    }

    private String transition(String input, int channels, int stage) {
        String block = "stage " + stage + " transition";
        String prefix = "stage" + stage + ".transition.";
        String normalised = activated(prefix, "0", input, channels);
        String narrowed = plain(new Conv(prefix + "conv", normalised, block, channels, half(channels), 1));
        return add(new Step.AveragePool(prefix + "pool", narrowed));
    }

    private static int half(int channels) {
        return Math.max(1, channels / 2);
    }
}
