package io.gradwatch.experiments.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.zip.CRC32;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;

class InitialParametersTest {

    /** Check sums of the bits that version 0.1 drew: a seed means the same network for ever. */
    @ParameterizedTest
    @CsvSource({
        "vgg08, FAST, 0, 6c98ef05",
        "vgg08, STOCK, 550, 68e15663",
        "vgg08-bn, FAST, 0, 60e3899b",
        "vgg08-resnet, FAST, 550, 23439c5a",
        "vgg08-bn-resnet, FAST, 0, 704e6c6a",
        "vgg08-bn-resnet, STOCK, 0, 38eb4168",
        "vgg08-sigmoid-bn, FAST, 550, 83d1808d",
        "vgg38, FAST, 0, 818a6b20",
        "vgg38-bn, FAST, 550, 4f700b53",
        "vgg38-bn, STOCK, 0, 69ea5cf2",
        "vgg38-resnet, FAST, 0, 3579359c",
        "vgg38-resnet, STOCK, 550, 279a5ac4",
        "vgg38-bn-resnet, FAST, 550, 18bf7f71",
        "vgg38-sigmoid-bn, FAST, 0, 69ea5cf2"
    })
    void areThoseOfTheFirstVersion(String preset, LayerKind kind, long seed, String checkSum) {
        NetworkSpec spec = Preset.named(preset).spec().withLayers(kind);

        assertThat(checkSum(Networks.build(spec, new Adam(0.001), 0, seed))).isEqualTo(checkSum);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vgg38-bn-after", "vgg08-bn-resnet-max", "densenet", "highway", "wide-resnet", "resnext"})
    void areTheSameForTheSameSeed(String preset) {
        NetworkSpec spec = Preset.named(preset).spec();

        String first = checkSum(Networks.build(spec, new Adam(0.001), 0, 7));
        assertThat(checkSum(Networks.build(spec, new Adam(0.001), 0, 7))).isEqualTo(first);
        assertThat(checkSum(Networks.build(spec, new Adam(0.001), 0, 8))).isNotEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource(Initialisation.class)
    void haveTheVarianceThatEachInitialisationPromises(Initialisation initialisation) {
        NetworkSpec spec = Preset.named("wide-resnet").spec().withInitialisation(initialisation);
        ComputationGraph network = Networks.build(spec, new Adam(0.001), 0, 3);

        for (NetworkLayout.WeightLayer layer : NetworkLayout.of(spec).weightLayers()) {
            INDArray weights = network.getParam(layer.vertex() + "_W");
            boolean dense = layer.type().equals("dense");
            int outputs = layer.shape().get(dense ? 1 : 0);
            double fanIn = (double) weights.length() / outputs;
            double fanOut = fanOut(layer, outputs);
            double variance = switch (initialisation) {
                case UNIFORM -> 1 / (3 * fanIn);
                case XAVIER -> 2 / (fanIn + fanOut);
                case HE -> 2 / fanIn;
            };
            // the deviation of an estimate of the variance from n normal values is √(2/n) of it
            double tolerance = 5 * Math.sqrt(2.0 / weights.length()) * variance;
            assertThat(weights.varNumber().doubleValue()).as(layer.vertex()).isCloseTo(variance, within(tolerance));
            assertThat(weights.meanNumber().doubleValue())
                    .as(layer.vertex())
                    .isCloseTo(0, within(5 * Math.sqrt(variance / weights.length())));
        }
    }

    @ParameterizedTest
    @EnumSource(Initialisation.class)
    void gatesBeginWithTheBiasThatTheyWereGiven(Initialisation initialisation) {
        NetworkSpec spec = NetworkSpec.of(new Architecture.Highway(1, -2.5), 4).withInitialisation(initialisation);
        ComputationGraph network = Networks.build(spec, new Adam(0.001), 0, 1);

        for (NetworkLayout.WeightLayer layer : NetworkLayout.of(spec).weightLayers()) {
            if (layer.vertex().contains("gate")) {
                assertThat(network.getParam(layer.vertex() + "_b").data().asFloat())
                        .containsExactly(-2.5f, -2.5f, -2.5f, -2.5f);
            }
        }
    }

    @Test
    void gatesDoNotChangeTheOtherBiases() {
        ComputationGraph highway =
                Networks.build(NetworkSpec.of(new Architecture.Highway(5, -3), 32), new Adam(0.001), 0, 5);
        ComputationGraph vgg = Networks.build(Preset.named("vgg38").spec(), new Adam(0.001), 0, 5);

        assertThat(vgg.getParam("stage1.reduction.conv1_b").amaxNumber().doubleValue())
                .isPositive();
        assertThat(highway.getParam("stage1.reduction.conv1_b").amaxNumber().doubleValue())
                .isPositive()
                .isLessThanOrEqualTo(1 / Math.sqrt(288));
    }

    /** Deeplearning4j divides by the stride's area. */
    private static double fanOut(NetworkLayout.WeightLayer layer, int outputs) {
        if (layer.type().equals("dense")) {
            return outputs;
        }
        boolean strided = layer.vertex().matches("stage[23]\\.block1\\.(conv1|projection)");
        return (double) outputs * layer.shape().get(2) * layer.shape().get(3) / (strided ? 4 : 1);
    }

    private static String checkSum(ComputationGraph network) {
        float[] parameters = network.params().dup().data().asFloat();
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * parameters.length);
        for (float parameter : parameters) {
            bytes.putFloat(parameter);
        }
        CRC32 sum = new CRC32();
        sum.update(bytes.array());
        return String.format(Locale.ROOT, "%08x", sum.getValue());
    }
}
