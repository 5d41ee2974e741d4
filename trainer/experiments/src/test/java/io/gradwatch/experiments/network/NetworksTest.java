package io.gradwatch.experiments.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.experiments.layers.NativeBackend;
import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;

class NetworksTest {
    private static final int THREADS = 2;

    @BeforeAll
    static void fixThreads() {
        NativeBackend.start(THREADS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vgg08", "vgg08-bn", "vgg08-bn-resnet", "vgg38-bn-resnet"})
    void sameSeedGivesTheSameBits(String preset) {
        assertThat(parameters(train(build(preset, 550), 3))).isEqualTo(parameters(train(build(preset, 550), 3)));
    }

    @Test
    void anotherSeedGivesAnotherNetwork() {
        assertThat(parameters(build("vgg08", 0))).isNotEqualTo(parameters(build("vgg08", 100)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"vgg08-bn-resnet", "vgg08-sigmoid-bn", "vgg08-bn-after", "highway", "densenet", "resnext"})
    void savedAndRestoredNetworkGoesOnAsIfNothingHadHappened(String preset, @TempDir Path directory)
            throws IOException {
        NetworkSpec spec = Preset.named(preset).spec();
        NetworkSpec small = spec.withFilters(8)
                .withArchitecture(spec.architecture()
                        .withDepthBlocks(Math.min(1, spec.architecture().depthBlocks())));
        ComputationGraph network = train(Networks.build(small, new Adam(0.001), 0, 1), 2);
        Path file = directory.resolve("network.zip");
        ModelSerializer.writeModel(network, file.toFile(), true);
        ComputationGraph restored = ModelSerializer.restoreComputationGraph(file.toFile(), true);

        assertThat(restored.getConfiguration().getIterationCount()).isEqualTo(2);
        assertThat(parameters(train(restored, 2))).isEqualTo(parameters(train(network, 2)));
    }

    @Test
    void trainingLowersTheLoss() {
        SyntheticBatch batch = SyntheticBatch.of(32, 3);
        ComputationGraph network = build("vgg08-bn-resnet", 1);
        double before = network.score(new org.nd4j.linalg.dataset.DataSet(batch.images(), batch.labels()), true);
        for (int i = 0; i < 15; i++) {
            network.fit(new INDArray[] {batch.images()}, new INDArray[] {batch.labels()});
        }
        double after = network.score(new org.nd4j.linalg.dataset.DataSet(batch.images(), batch.labels()), true);

        assertThat(before).isCloseTo(Math.log(100), within(0.5));
        assertThat(after).isLessThan(before - 0.5);
    }

    @ParameterizedTest
    @EnumSource(Initialisation.class)
    void drawsWeightsAndBiasesAsDocumented(Initialisation initialisation) {
        NetworkSpec spec = NetworkSpec.plain(0).withInitialisation(initialisation);
        ComputationGraph network = Networks.build(spec, new Adam(0.001), 0, 1);
        INDArray weights = network.getParam("stage1.reduction.conv1_W");
        INDArray biases = network.getParam("stage1.reduction.conv1_b");
        int fanIn = 32 * 9;

        double bound = 1 / Math.sqrt(fanIn);
        double variance = switch (initialisation) {
            case UNIFORM -> bound * bound / 3;
            case XAVIER -> 2.0 / (fanIn + fanIn);
            case HE -> 2.0 / fanIn;
        };
        assertThat(weights.varNumber().doubleValue()).isCloseTo(variance, within(variance / 20));
        if (initialisation == Initialisation.UNIFORM) {
            assertThat(weights.amaxNumber().doubleValue())
                    .isLessThanOrEqualTo(bound)
                    .isGreaterThan(0.98 * bound);
            assertThat(biases.amaxNumber().doubleValue())
                    .isLessThanOrEqualTo(bound)
                    .isGreaterThan(0.8 * bound);
            assertThat(network.getParam("head.dense_b").amaxNumber().doubleValue())
                    .isLessThanOrEqualTo(1 / Math.sqrt(32))
                    .isGreaterThan(0.9 / Math.sqrt(32));
        } else {
            assertThat(biases.amaxNumber().doubleValue()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1e-4, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesAWeightDecayThatIsNone(double weightDecay) {
        assertThatThrownBy(() -> Networks.build(NetworkSpec.plain(0), new Adam(0.001), weightDecay, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("weight decay " + weightDecay + ": accepted are 0 and more");
    }

    private static ComputationGraph build(String preset, long seed) {
        return Networks.build(Preset.named(preset).spec(), new Adam(0.001), 0, seed);
    }

    private static ComputationGraph train(ComputationGraph network, int iterations) {
        for (int i = 0; i < iterations; i++) {
            SyntheticBatch batch = SyntheticBatch.of(8, 20 + i);
            network.fit(new INDArray[] {batch.images()}, new INDArray[] {batch.labels()});
        }
        return network;
    }

    private static float[] parameters(ComputationGraph network) {
        return network.params().dup().data().asFloat();
    }
}
