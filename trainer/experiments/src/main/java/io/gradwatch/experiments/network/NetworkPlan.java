package io.gradwatch.experiments.network;

import java.util.ArrayList;
import java.util.List;

/** The steps of the forward pass: what all families of networks have in common. */
abstract class NetworkPlan {
    final NetworkSpec spec;
    private final List<Step> steps = new ArrayList<>();

    NetworkPlan(NetworkSpec spec) {
        this.spec = spec;
    }

    /** Steps in forward order; the last one is the classifier. */
    static List<Step> of(NetworkSpec spec) {
        Architecture architecture = spec.architecture();
        NetworkPlan plan;
        if (architecture instanceof Architecture.Vgg vgg) {
            plan = new VggPlan(spec, vgg);
        } else if (architecture instanceof Architecture.Highway highway) {
            plan = new HighwayPlan(spec, highway);
        } else if (architecture instanceof Architecture.DenseNet dense) {
            plan = new DenseNetPlan(spec, dense);
        } else if (architecture instanceof Architecture.WideResNet wide) {
            plan = new WideResNetPlan(spec, wide);
        } else if (architecture instanceof Architecture.ResNeXt paths) {
            plan = new ResNeXtPlan(spec, paths);
        } else {
            throw new AssertionError(architecture);
        }
        plan.lay();
        return List.copyOf(plan.steps);
    }

    /** Adds all steps. */
    abstract void lay();

    final String add(Step step) {
        steps.add(step);
        return step.name();
    }

    /**
     * A convolution, its normalisation and its activation, in the order that the specification says. Without
     * activation, normalisation after the activation is left to {@link #join}.
     */
    final String unit(Conv conv, boolean activation) {
        boolean before = switch (spec.normalisation()) {
            case BEFORE -> true;
            case ENTRY -> conv.input().equals(Step.INPUT);
            case NONE, AFTER -> false;
        };
        Step.Convolution step = conv.step(before, activation);
        add(step);
        return activation ? normalisedAfter(step.batchNormName(), step.name(), step.channels()) : step.name();
    }

    /** Sum of main path and skip path and its activation; {@code norm} is the name of normalisation after it. */
    final String join(String name, String main, String skip, String norm, int channels) {
        return normalisedAfter(norm, add(new Step.Join(name, main, skip)), channels);
    }

    /** Normalisation and activation at the beginning of a layer; {@code prefix} ends with a dot or a digit follows. */
    final String activated(String prefix, String number, String input, int channels) {
        return spec.normalisation() == Normalisation.NONE
                ? add(new Step.Activate(prefix + "activation" + number, input))
                : add(new Step.BatchNorm(prefix + "bn" + number, input, channels, true));
    }

    /** A convolution alone. */
    final String plain(Conv conv) {
        return add(conv.step(false, false));
    }

    /** Pooling over what is left and the classifier. */
    final void head(String input, int channels) {
        String pool = add(new Step.GlobalAveragePool("head.pool", input));
        add(new Step.Classifier("head.dense", pool, "head", channels, spec.classes()));
    }

    /** The 3×3 convolution that the image goes through first. */
    final Conv entry() {
        return new Conv("entry.conv", Step.INPUT, "entry", NetworkSpec.IMAGE_CHANNELS, spec.filters(), 3);
    }

    private String normalisedAfter(String name, String input, int channels) {
        return spec.normalisation() == Normalisation.AFTER
                ? add(new Step.BatchNorm(name, input, channels, false))
                : input;
    }

    /** A convolution to be added: on the main path with stride 1 and no bias unless said otherwise. */
    record Conv(
            String name,
            String input,
            String block,
            int inputChannels,
            int channels,
            int kernel,
            int stride,
            boolean bias,
            boolean mainPath) {
        Conv(String name, String input, String block, int inputChannels, int channels, int kernel) {
            this(name, input, block, inputChannels, channels, kernel, 1, false, true);
        }

        Conv strided(int value) {
            return new Conv(name, input, block, inputChannels, channels, kernel, value, bias, mainPath);
        }

        Conv biased(boolean value) {
            return new Conv(name, input, block, inputChannels, channels, kernel, stride, value, mainPath);
        }

        Conv onMainPath(boolean value) {
            return new Conv(name, input, block, inputChannels, channels, kernel, stride, bias, value);
        }

        private Step.Convolution step(boolean batchNorm, boolean activation) {
            return new Step.Convolution(
                    name, input, block, mainPath, inputChannels, channels, kernel, stride, bias, batchNorm, activation);
        }
    }
}
