package io.gradwatch.experiments.network;

/** The paper's networks: 3×3 convolutions, the same number of channels throughout. */
final class VggPlan extends NetworkPlan {
    private final Architecture.Vgg vgg;

    VggPlan(NetworkSpec spec, Architecture.Vgg vgg) {
        super(spec);
        this.vgg = vgg;
    }

    @Override
    void lay() {
        String at = unit(entry(), true);
        for (int stage = 1; stage <= NetworkSpec.STAGES; stage++) {
            for (int block = 1; block <= vgg.depthBlocks(); block++) {
                at = processingBlock(at, stage, block);
            }
            at = reductionBlock(at, stage);
        }
        head(at, spec.filters());
    }

    private String processingBlock(String input, int stage, int number) {
        String block = "stage " + stage + " block " + number;
        String prefix = "stage" + stage + ".block" + number + ".";
        String first = unit(convolution(prefix + "conv1", input, block), true);
        return second(prefix, convolution(prefix + "conv2", first, block), input);
    }

    private String reductionBlock(String input, int stage) {
        String block = "stage " + stage + " reduction";
        String prefix = "stage" + stage + ".reduction.";
        String first = unit(convolution(prefix + "conv1", input, block).biased(true), true);
        String pool = add(new Step.AveragePool(prefix + "pool", first));
        Conv second = convolution(prefix + "conv2", pool, block).biased(true);
        if (vgg.skip() == Skip.NONE) {
            return unit(second, true);
        }
        String main = unit(second, false);
        return join(prefix + "join", main, halved(prefix, input, block), prefix + "bn2", spec.filters());
    }

    /** A processing block's second convolution, to whose result the block's input is added. */
    private String second(String prefix, Conv conv, String input) {
        return vgg.skip() == Skip.NONE
                ? unit(conv, true)
                : join(prefix + "join", unit(conv, false), input, prefix + "bn2", spec.filters());
    }

    private String halved(String prefix, String input, String block) {
        return switch (vgg.skip()) {
            case NONE -> throw new AssertionError("no skip");
            case CONV ->
                plain(new Conv(prefix + "projection", input, block, spec.filters(), spec.filters(), 1)
                        .strided(2)
                        .onMainPath(false));
            case AVG -> add(new Step.AveragePool(prefix + "skip", input));
            case MAX -> add(new Step.MaxPool(prefix + "skip", input));
        };
    }

    private Conv convolution(String name, String input, String block) {
        return new Conv(name, input, block, spec.filters(), spec.filters(), 3);
    }
}
