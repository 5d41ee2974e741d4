package io.gradwatch.experiments.network;

/** Residual blocks that normalise and activate before each convolution, and sums that are not activated. */
final class WideResNetPlan extends NetworkPlan {
    private final Architecture.WideResNet wide;

    WideResNetPlan(NetworkSpec spec, Architecture.WideResNet wide) {
        super(spec);
        this.wide = wide;
    }

    @Override
    void lay() {
        String at = plain(entry());
        int channels = spec.filters();
        for (int stage = 1; stage <= NetworkSpec.STAGES; stage++) {
            int width = (spec.filters() * wide.widen()) << (stage - 1);
            for (int block = 1; block <= wide.depthBlocks(); block++) {
                at = block(at, channels, width, stage, block);
                channels = width;
            }
        }
        head(activated("head.", "", at, channels), channels);
    }

    private String block(String input, int channels, int width, int stage, int number) {
        String block = "stage " + stage + " block " + number;
        String prefix = "stage" + stage + ".block" + number + ".";
        int stride = stage > 1 && number == 1 ? 2 : 1;
        String normalised = activated(prefix, "0", input, channels);
        String first = unit(new Conv(prefix + "conv1", normalised, block, channels, width, 3).strided(stride), true);
        String second = plain(new Conv(prefix + "conv2", first, block, width, width, 3));
        String skip = stride == 1 && channels == width
                ? input
                : plain(new Conv(prefix + "projection", normalised, block, channels, width, 1)
                        .strided(stride)
                        .onMainPath(false));
        return add(new Step.Sum(prefix + "sum", second, skip));
    }
}
