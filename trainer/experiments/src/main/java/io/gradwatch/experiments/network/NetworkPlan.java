package io.gradwatch.experiments.network;

import java.util.ArrayList;
import java.util.List;

/** Turns a specification into the steps of the forward pass: the architecture, in one place. */
final class NetworkPlan {
    private final NetworkSpec spec;
    private final List<Step> steps = new ArrayList<>();

    private NetworkPlan(NetworkSpec spec) {
        this.spec = spec;
    }

    /** Steps in forward order; the last one is the classifier. */
    static List<Step> of(NetworkSpec spec) {
        NetworkPlan plan = new NetworkPlan(spec);
        String at = plan.entry();
        for (int stage = 1; stage <= NetworkSpec.STAGES; stage++) {
            for (int block = 1; block <= spec.processingBlocks(); block++) {
                at = plan.processingBlock(at, stage, block);
            }
            at = plan.reductionBlock(at, stage);
        }
        plan.head(at);
        return List.copyOf(plan.steps);
    }

    private String entry() {
        return add(new Step.Convolution(
                "entry.conv",
                Step.INPUT,
                "entry",
                true,
                NetworkSpec.IMAGE_CHANNELS,
                spec.filters(),
                3,
                1,
                false,
                normalised(),
                true));
    }

    private String processingBlock(String input, int stage, int number) {
        String block = "stage " + stage + " block " + number;
        String prefix = "stage" + stage + ".block" + number + ".";
        String first = convolution(prefix + "conv1", input, block, false, true);
        String second = convolution(prefix + "conv2", first, block, false, !residual());
        return residual() ? add(new Step.Join(prefix + "join", second, input)) : second;
    }

    private String reductionBlock(String input, int stage) {
        String block = "stage " + stage + " reduction";
        String prefix = "stage" + stage + ".reduction.";
        String first = convolution(prefix + "conv1", input, block, true, true);
        String pool = add(new Step.AveragePool(prefix + "pool", first));
        String second = convolution(prefix + "conv2", pool, block, true, !residual());
        if (!residual()) {
            return second;
        }
        int filters = spec.filters();
        String projection = add(new Step.Convolution(
                prefix + "projection", input, block, false, filters, filters, 1, 2, false, false, false));
        return add(new Step.Join(prefix + "join", second, projection));
    }

    private void head(String input) {
        String pool = add(new Step.GlobalAveragePool("head.pool", input));
        add(new Step.Classifier("head.dense", pool, "head", spec.filters(), spec.classes()));
    }

    private String convolution(String name, String input, String block, boolean bias, boolean activation) {
        int filters = spec.filters();
        return add(
                new Step.Convolution(name, input, block, true, filters, filters, 3, 1, bias, normalised(), activation));
    }

    private boolean normalised() {
        return spec.normalisation() == Normalisation.BEFORE_ACTIVATION;
    }

    private boolean residual() {
        return spec.skip() == Skip.PROJECTION;
    }

    private String add(Step step) {
        steps.add(step);
        return step.name();
    }
}
