package io.gradwatch.experiments.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.experiments.network.NetworkLayout.BatchNorm;
import io.gradwatch.experiments.network.NetworkLayout.WeightLayer;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;

class NetworkLayoutTest {
    private static final NetworkSpec RESNET = Preset.named("vgg08-bn-resnet").spec();

    @Test
    void namesLayersInForwardOrder() {
        NetworkLayout layout = NetworkLayout.of(RESNET.withClasses(10));

        assertThat(layout.weightLayers())
                .hasSize(11)
                .startsWith(
                        new WeightLayer(0, "entry.conv", "conv2d", true, "entry", List.of(32, 3, 3, 3)),
                        new WeightLayer(
                                1,
                                "stage1.reduction.conv1",
                                "conv2d",
                                true,
                                "stage 1 reduction",
                                List.of(32, 32, 3, 3)),
                        new WeightLayer(
                                2,
                                "stage1.reduction.conv2",
                                "conv2d",
                                true,
                                "stage 1 reduction",
                                List.of(32, 32, 3, 3)),
                        new WeightLayer(
                                3,
                                "stage1.reduction.projection",
                                "conv2d",
                                false,
                                "stage 1 reduction",
                                List.of(32, 32, 1, 1)))
                .endsWith(new WeightLayer(10, "head.dense", "dense", true, "head", List.of(32, 10)));
        assertThat(layout.batchNorms())
                .hasSize(7)
                .startsWith(
                        new BatchNorm(0, "entry.bn", 0, 32),
                        new BatchNorm(1, "stage1.reduction.bn1", 1, 32),
                        new BatchNorm(2, "stage1.reduction.bn2", 2, 32),
                        new BatchNorm(3, "stage2.reduction.bn1", 4, 32));
    }

    @Test
    void veryDeepNetworkHas38LayersOnItsMainPath() {
        List<WeightLayer> layers =
                NetworkLayout.of(Preset.named("vgg38-bn-resnet").spec()).weightLayers();

        assertThat(layers.stream().filter(WeightLayer::mainPath)).hasSize(38);
        assertThat(layers.get(4))
                .isEqualTo(new WeightLayer(
                        4, "stage1.block2.conv2", "conv2d", true, "stage 1 block 2", List.of(32, 32, 3, 3)));
    }

    @ParameterizedTest
    @EnumSource(LayerKind.class)
    void agreesWithTheNetwork(LayerKind kind) {
        NetworkSpec spec = RESNET.withLayers(kind).withFilters(6);
        NetworkLayout layout = NetworkLayout.of(spec);
        ComputationGraph network = Networks.build(spec, new Adam(0.001), 0, 1);

        for (WeightLayer layer : layout.weightLayers()) {
            INDArray weights = network.getParam(layer.vertex() + "_W");
            assertThat(Arrays.stream(weights.shape()).boxed().map(Math::toIntExact))
                    .isEqualTo(layer.shape());
        }
        long runningValues = 0;
        for (BatchNorm norm : layout.batchNorms()) {
            assertThat(network.getParam(norm.vertex() + "_gamma").length()).isEqualTo(norm.channels());
            runningValues += 2L * norm.channels();
        }
        assertThat(network.numParams()).isEqualTo(layout.trainableParameters() + runningValues);
    }
}
