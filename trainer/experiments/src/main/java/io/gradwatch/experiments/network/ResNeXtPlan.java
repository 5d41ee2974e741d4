package io.gradwatch.experiments.network;

import java.util.ArrayList;
import java.util.List;

/** Residual blocks of parallel paths, 1×1 then 3×3, put beside each other and mixed by a 1×1 convolution. */
final class ResNeXtPlan extends NetworkPlan {
    /** Channels of a block's result, in channels of all its paths together. */
    private static final int EXPANSION = 2;

    private final Architecture.ResNeXt paths;

    ResNeXtPlan(NetworkSpec spec, Architecture.ResNeXt paths) {
        super(spec);
        this.paths = paths;
    }

    @Override
    void lay() {
        String at = unit(entry(), true);
        int channels = spec.filters();
        for (int stage = 1; stage <= NetworkSpec.STAGES; stage++) {
            int width = spec.filters() << (stage - 1);
            for (int block = 1; block <= paths.depthBlocks(); block++) {
                at = block(at, channels, width, stage, block);
                channels = EXPANSION * width;
            }
        }
        head(at, channels);
    }

    private String block(String input, int channels, int width, int stage, int number) {
        String block = "stage " + stage + " block " + number;
        String prefix = "stage" + stage + ".block" + number + ".";
        int stride = stage > 1 && number == 1 ? 2 : 1;
        int output = EXPANSION * width;
        List<String> ends = new ArrayList<>();
        for (int path = 1; path <= paths.cardinality(); path++) {
            ends.add(path(prefix + "path" + path + ".", input, block, channels, width, stride, path == 1));
        }
        String together = ends.size() == 1 ? ends.get(0) : add(new Step.Concatenation(prefix + "concatenation", ends));
        String main = unit(new Conv(prefix + "conv3", together, block, width, output, 1), false);
        String skip = stride == 1 && channels == output
                ? input
                : unit(
                        new Conv(prefix + "projection.conv", input, block, channels, output, 1)
                                .strided(stride)
                                .onMainPath(false),
                        false);
        return join(prefix + "join", main, skip, prefix + "bn3", output);
    }

    private String path(
            String prefix, String input, String block, int channels, int width, int stride, boolean mainPath) {
        int narrow = width / paths.cardinality();
        String first = unit(new Conv(prefix + "conv1", input, block, channels, narrow, 1).onMainPath(mainPath), true);
        return unit(
                new Conv(prefix + "conv2", first, block, narrow, narrow, 3)
                        .strided(stride)
                        .onMainPath(mainPath),
                true);
    }
}
