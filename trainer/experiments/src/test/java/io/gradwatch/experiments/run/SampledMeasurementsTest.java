package io.gradwatch.experiments.run;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.contract.v1.ActivationStatistics;
import io.gradwatch.contract.v1.Curvature;
import io.gradwatch.contract.v1.Shattering;
import io.gradwatch.experiments.network.LayerKind;
import io.gradwatch.experiments.network.NetworkSpec;
import io.gradwatch.experiments.network.Networks;
import io.gradwatch.experiments.network.Preset;
import io.gradwatch.listener.network.ActivationSites;
import io.gradwatch.listener.network.NetworkLayout;
import io.gradwatch.listener.network.TrainedModel;
import io.gradwatch.listener.network.WeightLayer;
import io.gradwatch.listener.probe.CurvatureProbe;
import io.gradwatch.listener.probe.ShatteringProbe;
import io.gradwatch.listener.statistics.ActivationReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** The listener's samples on networks of our own layers. */
class SampledMeasurementsTest {
    private static final int BATCH = 12;

    @ParameterizedTest
    @ValueSource(strings = {"vgg08", "vgg08-bn-resnet", "vgg38-sigmoid-bn"})
    void fastLayersShowTheActivationsOfStockOnes(String preset) {
        NetworkSpec spec = Preset.named(preset).spec().withFilters(4);
        ComputationGraph fast = Networks.build(spec, new Adam(0.001), 0, 1);
        ComputationGraph stock = Networks.build(spec.withLayers(LayerKind.STOCK), new Adam(0.001), 0, 2);
        stock.paramTable().forEach((name, array) -> array.assign(requireNonNull(fast.getParam(name), name)));

        List<String> names = layers(fast);
        List<String> stockNames = layers(stock);
        assertThat(stockNames).containsExactlyInAnyOrderElementsOf(names);
        ActivationStatistics actual = activations(fast);
        ActivationStatistics expected = activations(stock);
        assertThat(actual.getMeanCount()).isEqualTo(names.size());
        for (int i = 0; i < names.size(); i++) {
            int at = stockNames.indexOf(names.get(i));
            float deviation = expected.getStandardDeviation(at);
            assertThat(actual.getMean(i)).as("mean of %s", names.get(i)).isCloseTo(expected.getMean(at), within(1e-3f));
            assertThat(actual.getStandardDeviation(i))
                    .as("deviation of %s", names.get(i))
                    .isCloseTo(deviation, within(1e-2f * deviation + 1e-6f));
            if (i < names.size() - 1) {
                assertThat(actual.getNegativeFraction(i))
                        .as("negative share of %s", names.get(i))
                        .isCloseTo(expected.getNegativeFraction(at), within(2e-3f))
                        .isBetween(0f, 1f);
                assertThat(actual.getOneSidedFraction(i)).isBetween(0f, 1f);
            } else {
                assertThat(actual.getNegativeFraction(i)).isNaN(); // softmax
            }
        }
    }

    private static List<String> layers(ComputationGraph network) {
        return NetworkLayout.of(TrainedModel.of(network)).layers().stream()
                .map(WeightLayer::name)
                .toList();
    }

    private static ActivationStatistics activations(ComputationGraph network) {
        TrainedModel model = TrainedModel.of(network);
        ActivationReader reader = new ActivationReader(
                ActivationSites.of(model, NetworkLayout.of(model), step -> FusedActivations.of(network, step)));
        List<ActivationStatistics> read = new ArrayList<>();
        network.setListeners(new BaseTrainingListener() {
            @Override
            public void onForwardPass(Model trained, Map<String, INDArray> activations) {
                reader.forward(activations);
            }

            @Override
            public void onBackwardPass(Model trained) {
                reader.output(model);
                read.add(reader.statistics());
            }
        });
        network.fit(images(1), labels(1));
        return read.get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vgg08", "vgg08-bn-resnet"})
    void predictsWhatASmallStepOfGradientDescentChanges(String preset) {
        ComputationGraph network = network(preset);
        Curvature measured = CurvatureProbe.measure(network, images(1)[0], labels(1)[0], 0.01);
        assertThat(measured.getActualChange()).isNegative();
        assertThat(measured.getPredictedChange() / measured.getActualChange()).isCloseTo(1, within(0.02));
        assertThat(measured.getGradientSquare()).isPositive();
    }

    @Test
    void trainingWithProbesIsTheSameBitByBit() {
        ComputationGraph probed = network("vgg08-bn-resnet");
        ComputationGraph alone = network("vgg08-bn-resnet");
        for (int i = 0; i < 4; i++) {
            Curvature curvature = CurvatureProbe.measure(probed, images(i), labels(i), 0.001);
            Shattering shattering = ShatteringProbe.measure(probed, images(i), labels(i));
            assertThat(curvature.getGradientCurvature()).isNotNaN();
            assertThat(shattering.getCorrelation()).isBetween(-1f, 1f);
            assertThat(shattering.getLayerCorrelationCount()).isEqualTo(11);
            probed.fit(images(i), labels(i));
            alone.fit(images(i), labels(i));
            assertThat(probed.score()).isEqualTo(alone.score());
        }
        assertThat(probed.params()).isEqualTo(alone.params());
        assertThat(probed.getUpdater().getUpdaterStateViewArray())
                .isEqualTo(alone.getUpdater().getUpdaterStateViewArray());
    }

    private static ComputationGraph network(String preset) {
        return Networks.build(Preset.named(preset).spec().withFilters(8), new Adam(0.001), 0, 1);
    }

    private static INDArray[] images(long seed) {
        Random random = new Random(seed);
        float[] pixels = new float[BATCH * 32 * 32 * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return new INDArray[] {Nd4j.createFromArray(pixels).reshape('c', BATCH, 32, 32, 3)};
    }

    private static INDArray[] labels(long seed) {
        Random random = new Random(seed);
        float[] oneHot = new float[BATCH * 100];
        for (int i = 0; i < BATCH; i++) {
            oneHot[i * 100 + random.nextInt(100)] = 1;
        }
        return new INDArray[] {Nd4j.createFromArray(oneHot).reshape('c', BATCH, 100)};
    }
}
