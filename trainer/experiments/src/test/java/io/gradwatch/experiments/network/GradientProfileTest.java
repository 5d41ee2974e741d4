package io.gradwatch.experiments.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.learning.config.Adam;

/** Mean absolute gradient of each layer's weights in the first iteration: the paper's Figures 2 and 3. */
class GradientProfileTest {
    private static final int BATCH = 100;

    @Test
    void vanishesInThePlainVeryDeepNetwork() {
        double[] profile = profile("vgg38", BATCH);

        assertThat(profile).hasSize(38);
        for (int layer = 0; layer < 36; layer++) {
            assertThat(profile[layer]).as("layer %d", layer).isBetween(1e-22, 1e-8);
        }
        assertThat(profile[36]).isBetween(1e-6, 1e-2);
        assertThat(profile[37]).isBetween(1e-6, 1e-2);
    }

    @Test
    void survivesWithBatchNormalisation() {
        double[] profile = profile("vgg38-bn", BATCH);

        Map<Integer, Double> measuredBefore = Map.of(0, 6.4e-1, 12, 8.6e-2, 24, 1.3e-2, 36, 3.2e-3, 37, 3.5e-3);
        measuredBefore.forEach((layer, value) ->
                assertThat(profile[layer]).as("layer %d", layer).isBetween(value / 10, value * 10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"vgg38-bn-after", "vgg38-bn-resnet-avg", "densenet", "highway", "wide-resnet", "resnext"})
    void survivesInEveryOtherCure(String preset) {
        double[] profile = profile(preset, 16);

        assertThat(profile).hasSizeBetween(14, 40);
        for (int layer = 0; layer < profile.length; layer++) {
            assertThat(profile[layer]).as("layer %d", layer).isBetween(1e-7, 10.0);
        }
    }

    private static double[] profile(String preset, int batch) {
        NetworkSpec spec = Preset.named(preset).spec();
        ComputationGraph network = Networks.build(spec, new Adam(0.001), 0, 42);
        Gradients gradients = Gradients.of(network, SyntheticBatch.of(batch, 5));
        return NetworkLayout.of(spec).weightLayers().stream()
                .filter(NetworkLayout.WeightLayer::mainPath)
                .mapToDouble(layer -> Arrays.stream(gradients.get(layer.vertex() + "_W"))
                                .map(Math::abs)
                                .average()
                                .orElseThrow()
                        / batch)
                .toArray();
    }
}
