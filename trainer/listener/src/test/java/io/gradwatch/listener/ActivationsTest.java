package io.gradwatch.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.ActivationStatistics;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.listener.publish.FakeSink;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Sampled activations against their definitions, from arrays read one element at a time. */
class ActivationsTest {
    private final FakeSink sink = new FakeSink();
    private final Reference reference = new Reference();

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void readsAGraphBehindNormalisationSumAndNonLinearity(DataType type) {
        ComputationGraph model = Models.residual(type, false);
        GradientTelemetry telemetry = builder(2).start(model, started -> sink.publisher(started, 99));
        model.setListeners(reference, telemetry);
        for (int i = 0; i < 3; i++) {
            model.fit(Models.data(type, 8, i, 2, 6, 6));
        }
        telemetry.close();
        assertThat(telemetry.failures()).isZero();
        List<Iteration> records = records();
        assertThat(records.stream().map(Iteration::hasActivations)).containsExactly(true, false, true);
        for (int i = 0; i < 3; i += 2) {
            ActivationStatistics s = records.get(i).getActivations();
            Reference.Step step = reference.steps.get(i);
            check(s, 0, step, "entry-relu", "entry-bn", 1);
            check(s, 1, step, "relu", "sum", 1);
            check(s, 2, step, "a", null, 1);
            check(s, 3, step, "relu", "sum", 1);
            // the softmax of five classes
            assertThat(s.getMean(4)).isCloseTo(0.2f, within(1e-6f));
            assertThat(s.getStandardDeviation(4)).isPositive();
            assertThat(s.getNegativeFraction(4)).isNaN();
        }
    }

    @Test
    void readsASequentialNetwork() {
        MultiLayerNetwork model = Models.sequential(DataType.FLOAT, false);
        GradientTelemetry telemetry = builder(1).start(model, started -> sink.publisher(started, 99));
        model.setListeners(reference, telemetry);
        for (int i = 0; i < 2; i++) {
            model.fit(Models.data(DataType.FLOAT, 8, i, 2, 6, 6));
        }
        telemetry.close();
        assertThat(telemetry.failures()).isZero();
        for (int i = 0; i < 2; i++) {
            ActivationStatistics s = records().get(i).getActivations();
            check(s, 0, reference.steps.get(i), "1", null, 1); // the normalisation behind the convolution
            check(s, 1, reference.steps.get(i), "2", "2", 1); // tanh keeps signs
            assertThat(s.getMean(2)).isCloseTo(0.2f, within(1e-6f));
        }
    }

    @Test
    void readsChannelsLastAndFunctionsThatOnlyTheOwnerKnows() {
        ComputationGraph model = channelsLast();
        GradientTelemetry telemetry = builder(1)
                .fusedActivations(step -> step.equals("bn") ? new ActivationLReLU(0.01) : null)
                .start(model, started -> sink.publisher(started, 99));
        model.setListeners(reference, telemetry);
        model.getLayer("bn").getParam("beta").putScalar(1, -100); // a channel that is negative everywhere
        model.fit(Models.data(DataType.FLOAT, 8, 1, 6, 6, 2));
        telemetry.close();
        ActivationStatistics s = records().get(0).getActivations();
        check(s, 0, reference.steps.get(0), "bn", "bn", 3);
        assertThat(s.getOneSidedFraction(0)).isEqualTo(1 / 4f);
        // a sigmoid is below one half where its argument is negative
        double[] second = at(reference.steps.get(0), "second");
        long negative = java.util.Arrays.stream(second).filter(x -> x < 0.5).count();
        assertThat(s.getNegativeFraction(1)).isEqualTo((float) negative / second.length);
        assertThat(s.getNegativeFraction(1)).isBetween(0.01f, 0.99f);
    }

    @Test
    void aFailureLosesTheSampleNotTheIteration() {
        MultiLayerNetwork model = Models.dense();
        GradientTelemetry telemetry = builder(1).start(model, started -> sink.publisher(started, 99));
        model.setListeners(telemetry);
        telemetry.onForwardPass(Models.dense(), List.of()); // another model's
        model.fit(Models.data(DataType.FLOAT, 4, 1, 4));
        telemetry.close();
        assertThat(telemetry.failures()).isEqualTo(1);
        assertThat(records()).hasSize(1);
        assertThat(telemetry.dropped()).isZero();
    }

    private static ComputationGraph channelsLast() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(5)
                .updater(new Sgd(0.1))
                .convolutionMode(ConvolutionMode.Same)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(6, 6, 2, CNN2DFormat.NHWC))
                .addLayer(
                        "first",
                        new ConvolutionLayer.Builder(3, 3)
                                .nOut(4)
                                .dataFormat(CNN2DFormat.NHWC)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "in")
                .addLayer(
                        "bn",
                        new BatchNormalization.Builder()
                                .useLogStd(false)
                                .dataFormat(CNN2DFormat.NHWC)
                                .build(),
                        "first")
                .addLayer(
                        "second",
                        new ConvolutionLayer.Builder(3, 3)
                                .nOut(3)
                                .dataFormat(CNN2DFormat.NHWC)
                                .activation(Activation.SIGMOID)
                                .build(),
                        "bn")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunction.MCXENT)
                                .nOut(Models.CLASSES)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "second")
                .setOutputs("out")
                .build());
        graph.init();
        return graph;
    }

    private static void check(
            ActivationStatistics s,
            int layer,
            Reference.Step step,
            String activation,
            @org.jspecify.annotations.Nullable String preActivation,
            int axis) {
        double[] a = at(step, activation);
        double mean = java.util.Arrays.stream(a).average().orElseThrow();
        double variance = java.util.Arrays.stream(a)
                .map(x -> (x - mean) * (x - mean))
                .average()
                .orElseThrow();
        double scale = Math.sqrt(variance);
        assertThat((double) s.getMean(layer)).isCloseTo(mean, within(1e-6 * (Math.abs(mean) + scale)));
        assertThat((double) s.getStandardDeviation(layer)).isCloseTo(scale, within(1e-5 * scale));
        if (preActivation == null) {
            assertThat(s.getNegativeFraction(layer)).isNaN();
            assertThat(s.getOneSidedFraction(layer)).isNaN();
            return;
        }
        double[] z = at(step, preActivation);
        long[] shape = Objects.requireNonNull(step.shapes.get(preActivation));
        int inner = 1;
        for (int d = axis + 1; d < shape.length; d++) {
            inner *= (int) shape[d];
        }
        int channels = (int) shape[axis];
        int[] negative = new int[channels];
        for (int i = 0; i < z.length; i++) {
            negative[i / inner % channels] += z[i] < 0 ? 1 : 0;
        }
        int all = java.util.Arrays.stream(negative).sum();
        long oneSided = java.util.Arrays.stream(negative)
                .filter(n -> n >= 0.99 * z.length / channels)
                .count();
        assertThat(s.getNegativeFraction(layer)).isEqualTo((float) all / z.length);
        assertThat(s.getOneSidedFraction(layer)).isEqualTo((float) oneSided / channels);
    }

    private static double[] at(Reference.Step step, String name) {
        return Objects.requireNonNull(step.activations.get(name), name);
    }

    private static TelemetryBuilder builder(int every) {
        return GradientTelemetry.to("unused:1").activationsEvery(every);
    }

    private List<Iteration> records() {
        RunStarted run = sink.log().get(0).getRunStarted();
        List<Iteration> all = sink.log().stream()
                .filter(Envelope::hasIteration)
                .map(Envelope::getIteration)
                .toList();
        assertThat(all).allMatch(record -> WireFormat.problemOf(run, record).isEmpty());
        return all;
    }
}
