package io.gradwatch.experiments.network;

/** VGG whose processing blocks are made of two highway layers: the same depth, and a gate beside each convolution. */
final class HighwayPlan extends NetworkPlan {
    private final Architecture.Highway highway;

    HighwayPlan(NetworkSpec spec, Architecture.Highway highway) {
        super(spec);
        this.highway = highway;
    }

    @Override
    void lay() {
        String at = unit(entry(), true);
        for (int stage = 1; stage <= NetworkSpec.STAGES; stage++) {
            for (int number = 1; number <= highway.depthBlocks(); number++) {
                String block = "stage " + stage + " block " + number;
                String prefix = "stage" + stage + ".block" + number + ".";
                at = gated(prefix, 1, at, block);
                at = gated(prefix, 2, at, block);
            }
            at = reductionBlock(at, stage);
        }
        head(at, spec.filters());
    }

    private String gated(String prefix, int number, String input, String block) {
        String candidate = unit(convolution(prefix + "conv" + number, input, block), true);
        String transform = plain(
                convolution(prefix + "gate" + number, input, block).biased(true).onMainPath(false));
        return add(new Step.Gate(prefix + "carry" + number, candidate, transform, input, highway.gateBias()));
    }

    private String reductionBlock(String input, int stage) {
        String block = "stage " + stage + " reduction";
        String prefix = "stage" + stage + ".reduction.";
        String first = unit(convolution(prefix + "conv1", input, block).biased(true), true);
        String pool = add(new Step.AveragePool(prefix + "pool", first));
        return unit(convolution(prefix + "conv2", pool, block).biased(true), true);
    }

    private Conv convolution(String name, String input, String block) {
        return new Conv(name, input, block, spec.filters(), spec.filters(), 3);
    }
}
