package io.gradwatch.experiments.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;

/** Fast layers in float against Deeplearning4j's own in double: same weights, same batch. */
class FastGradientsTest {
    private static final int BATCH = 4;

    static List<String> presets() {
        return Preset.all().stream().map(Preset::name).toList();
    }

    @ParameterizedTest
    @MethodSource("presets")
    void equalThoseOfStockLayersInDouble(String name) {
        NetworkSpec spec = Preset.named(name).spec();
        SyntheticBatch batch = SyntheticBatch.of(BATCH, 5);
        ComputationGraph fast = Networks.build(spec, new Adam(0.001), 0, 1);
        ComputationGraph stock =
                Networks.build(spec.withLayers(LayerKind.STOCK).withDataType(DataType.DOUBLE), new Adam(0.001), 0, 1);
        Gradients.copyParameters(fast, stock);

        long t0 = System.nanoTime();
        Gradients actual = Gradients.of(fast, batch);
        long t1 = System.nanoTime();
        Gradients expected = Gradients.of(stock, batch.as(DataType.DOUBLE));
        System.out.printf("%s fast %d ms stock %d ms%n", name, (t1 - t0) / 1000000, (System.nanoTime() - t1) / 1000000);

        assertThat(actual.parameters()).isEqualTo(expected.parameters());
        Set<String> normalised = NetworkLayout.of(spec).batchNorms().stream()
                .map(norm -> NetworkLayout.of(spec)
                                .weightLayers()
                                .get(norm.weightLayer())
                                .vertex() + "_b")
                .collect(Collectors.toSet());
        double squaredError = 0;
        double squaredNorm = 0;
        for (String parameter : expected.parameters()) {
            if (normalised.contains(parameter)) {
                continue;
            }
            double error = Gradients.distance(actual.get(parameter), expected.get(parameter));
            double norm = Gradients.norm(expected.get(parameter));
            System.out.printf("%-40s %.2e %.2e%n", parameter, norm, error / norm);
            squaredError += error * error;
            squaredNorm += norm * norm;
        }
        System.out.printf("%s global %.2e%n", name, Math.sqrt(squaredError / squaredNorm));
        assertThat(Math.sqrt(squaredError / squaredNorm)).isLessThan(1e-5);
    }
}
