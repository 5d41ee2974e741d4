package io.gradwatch.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.experiments.network.LayerKind;
import io.gradwatch.experiments.network.NetworkLayout;
import io.gradwatch.experiments.network.NetworkSpec;
import io.gradwatch.experiments.network.Networks;
import io.gradwatch.experiments.network.Preset;
import io.gradwatch.listener.network.TrainedModel;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.Adam;

/** What a plan says of a network's layers against what the listener reads from the network itself. */
class LayoutAgreementTest {

    static Stream<String> networks() {
        Set<NetworkSpec> seen = new HashSet<>();
        return Preset.all().stream().filter(preset -> seen.add(preset.spec())).map(Preset::name);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void theListenerSeesTheLayersOfThePlan(String preset) {
        for (LayerKind kind : LayerKind.values()) {
            NetworkSpec spec = Preset.named(preset).spec().withFilters(4).withLayers(kind);
            NetworkLayout plan = NetworkLayout.of(spec);
            ComputationGraph network = Networks.build(spec, new Adam(0.001), 0, 1);
            var seen = io.gradwatch.listener.network.NetworkLayout.of(TrainedModel.of(network));

            assertThat(seen.layers().stream().map(layer -> layer.name() + layer.type() + layer.shape()))
                    .containsExactlyInAnyOrderElementsOf(plan.weightLayers().stream()
                            .map(layer -> layer.vertex() + layer.type() + layer.shape())
                            .toList());
            // on the main path the order is the same too
            assertThat(seen.layers().stream()
                            .filter(io.gradwatch.listener.network.WeightLayer::onLongestPath)
                            .map(io.gradwatch.listener.network.WeightLayer::name))
                    .containsExactlyElementsOf(plan.weightLayers().stream()
                            .filter(NetworkLayout.WeightLayer::mainPath)
                            .map(NetworkLayout.WeightLayer::vertex)
                            .toList());
            Map<String, String> followed = new HashMap<>();
            plan.batchNorms()
                    .forEach(norm -> followed.put(
                            norm.vertex(),
                            plan.weightLayers().get(norm.weightLayer()).vertex()));
            assertThat(seen.batchNorms())
                    .hasSameSizeAs(plan.batchNorms())
                    .allSatisfy(
                            norm -> assertThat(seen.layers().get(norm.follows()).name())
                                    .as(norm.name())
                                    .isEqualTo(followed.get(norm.name())));
            long running = seen.batchNorms().stream()
                    .mapToLong(norm -> 2L * norm.channels())
                    .sum();
            assertThat(seen.parameters() - running).isEqualTo(plan.trainableParameters());
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void blocksAreNamedForPeople(String preset) {
        List<String> blocks = NetworkLayout.of(Preset.named(preset).spec()).weightLayers().stream()
                .map(NetworkLayout.WeightLayer::block)
                .distinct()
                .toList();

        assertThat(blocks)
                .startsWith("entry")
                .endsWith("head")
                .allSatisfy(block ->
                        assertThat(block).matches("entry|head|stage [123] (reduction|transition|(block|layer) \\d)"));
    }
}
