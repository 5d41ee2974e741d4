package io.gradwatch.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.contract.Decoded;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.BatchNormStatistics;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.Summary;
import io.gradwatch.listener.publish.FakeSink;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Every figure of a record against its definition, computed by name and element by element. */
class StatisticsTest {
    private static final int[] BATCHES = {8, 8, 8, 3};

    private final FakeSink sink = new FakeSink();
    private final Reference reference = new Reference();

    static Stream<Arguments> kinds() {
        return Stream.of(DataType.FLOAT, DataType.DOUBLE)
                .flatMap(type -> Stream.of(true, false).map(logStd -> Arguments.of(type, logStd)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void agreesWithNaiveSumsOnAGraph(DataType type, boolean logStd) {
        ComputationGraph model = Models.residual(type, logStd);
        GradientTelemetry telemetry =
                GradientTelemetry.to("unused:1").start(model, started -> sink.publisher(started, 99));
        model.setListeners(reference, telemetry);
        List<double[]> expected = new ArrayList<>();
        for (int i = 0; i < BATCHES.length; i++) {
            DataSet data = Models.data(type, BATCHES[i], i, 2, 6, 6);
            expected.add(lossAndAccuracy(model.output(true, data.getFeatures())[0], data.getLabels()));
            model.fit(data);
        }
        telemetry.close();
        assertThat(telemetry.failures()).isZero();
        check(expected, List.of("entry", "skip", "a", "b", "out"), List.of("entry-bn", "b-bn"), List.of("entry", "b"));
        for (Iteration record : records()) {
            assertThat(record.getLearningRate()).isEqualTo(0.01f);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void agreesWithNaiveSumsOnASequentialNetwork(DataType type, boolean logStd) {
        MultiLayerNetwork model = Models.sequential(type, logStd);
        GradientTelemetry telemetry =
                GradientTelemetry.to("unused:1").start(model, started -> sink.publisher(started, 99));
        model.setListeners(reference, telemetry);
        List<double[]> expected = new ArrayList<>();
        for (int i = 0; i < BATCHES.length; i++) {
            DataSet data = Models.data(type, BATCHES[i], i, 2, 6, 6);
            expected.add(lossAndAccuracy(model.output(data.getFeatures(), true), data.getLabels()));
            model.fit(data);
        }
        telemetry.close();
        assertThat(telemetry.failures()).isZero();
        check(expected, List.of("0", "2", "3"), List.of("1"), List.of("0"));
        assertThat(records().stream().map(Iteration::getLearningRate)).containsExactly(0.1f, 0.1f, 0.05f, 0.05f);
    }

    private void check(List<double[]> expected, List<String> layers, List<String> norms, List<String> normInputs) {
        List<Iteration> records = records();
        assertThat(records).hasSize(BATCHES.length);
        for (int i = 0; i < records.size(); i++) {
            Iteration record = records.get(i);
            Reference.Step step = reference.steps.get(i);
            assertThat(record.getIteration()).isEqualTo(i);
            assertThat(record.getBatchSize()).isEqualTo(BATCHES[i]);
            close(record.getLoss(), expected.get(i)[0], 2e-5);
            assertThat(record.getAccuracy()).isEqualTo((float) expected.get(i)[1]);
            assertThat(record.hasIterationMs()).isEqualTo(i > 0);
            assertThat(record.getTelemetryMs()).isPositive();
            assertThat(record.getLayers().getMeanAbsCount()).isEqualTo(layers.size());
            assertThat(record.getLayers().getNanCountList()).isEmpty();
            assertThat(record.getLayers().getInfCountList()).isEmpty();
            for (int l = 0; l < layers.size(); l++) {
                checkLayer(record.getLayers(), l, step, layers.get(l) + "_W", BATCHES[i]);
            }
            assertThat(record.getBatchNorms().getDriftCount()).isEqualTo(norms.size());
            for (int b = 0; b < norms.size(); b++) {
                checkNorm(record.getBatchNorms(), b, step, norms.get(b), normInputs.get(b));
            }
        }
    }

    private static void checkLayer(LayerStatistics s, int l, Reference.Step step, String name, int batch) {
        double[] gradient = at(step.gradients, name);
        double[] before = at(step.before, name);
        double[] after = at(step.after, name);
        double abs = 0, squares = 0, max = 0, zeros = 0, parameters = 0, update = 0;
        for (int i = 0; i < gradient.length; i++) {
            double g = gradient[i] / batch;
            abs += Math.abs(g);
            squares += g * g;
            max = Math.max(max, Math.abs(g));
            zeros += g == 0 ? 1 : 0;
            parameters += before[i] * before[i];
            update += (before[i] - after[i]) * (before[i] - after[i]);
        }
        close(s.getMeanAbs(l), abs / gradient.length, 1e-6);
        close(s.getL2(l), Math.sqrt(squares), 1e-6);
        close(s.getMaxAbs(l), max, 1e-6);
        assertThat(s.getZeroFraction(l)).isEqualTo((float) (zeros / gradient.length));
        close(s.getParameterL2(l), Math.sqrt(parameters), 1e-6);
        // the difference of parameters has the rounding of the step itself
        close(s.getUpdateRatio(l), Math.sqrt(update) / Math.sqrt(parameters), 1e-4);
    }

    private static void checkNorm(BatchNormStatistics s, int b, Reference.Step step, String name, String input) {
        double[] in = at(step.activations, input);
        long[] shape = at(step.shapes, input);
        int channels = (int) shape[1];
        int area = (int) (shape[2] * shape[3]);
        double[] mean = new double[channels];
        double[] variance = new double[channels];
        double n = (double) in.length / channels;
        for (int i = 0; i < in.length; i++) {
            mean[i / area % channels] += in[i] / n;
        }
        for (int i = 0; i < in.length; i++) {
            double d = in[i] - mean[i / area % channels];
            variance[i / area % channels] += d * d / n;
        }
        double[] runningMean = at(step.before, name + "_mean");
        double[] runningVariance;
        double[] logarithm = step.before.get(name + "_log10stdev");
        if (logarithm != null) {
            runningVariance = logarithm.clone();
            for (int c = 0; c < channels; c++) {
                runningVariance[c] = Math.pow(Math.pow(10, logarithm[c]), 2);
            }
        } else {
            runningVariance = at(step.before, name + "_var");
        }
        double drift = 0;
        for (int c = 0; c < channels; c++) {
            drift += Math.abs(mean[c] - runningMean[c]) / Math.sqrt(runningVariance[c] + 1e-5) / channels;
        }
        checkSummary(s.getGamma(), b, at(step.before, name + "_gamma"), 1e-6);
        checkSummary(s.getBeta(), b, at(step.before, name + "_beta"), 1e-6);
        checkSummary(s.getBatchMean(), b, mean, 1e-4);
        checkSummary(s.getBatchVariance(), b, variance, 1e-4);
        checkSummary(s.getRunningMean(), b, runningMean, 1e-6);
        checkSummary(s.getRunningVariance(), b, runningVariance, 1e-5);
        close(s.getDrift(b), drift, 1e-4);
    }

    private static <T> T at(java.util.Map<String, T> map, String name) {
        return java.util.Objects.requireNonNull(map.get(name), name);
    }

    private static void checkSummary(Summary s, int b, double[] values, double tolerance) {
        double sum = 0, min = values[0], max = values[0];
        for (double value : values) {
            sum += value;
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        double scale = Math.max(Math.abs(min), Math.abs(max));
        assertThat((double) s.getMean(b)).isCloseTo(sum / values.length, within(tolerance * scale));
        assertThat((double) s.getMin(b)).isCloseTo(min, within(tolerance * scale));
        assertThat((double) s.getMax(b)).isCloseTo(max, within(tolerance * scale));
    }

    private static void close(float actual, double expected, double relative) {
        assertThat((double) actual).isCloseTo(expected, within(relative * Math.abs(expected)));
    }

    private static double[] lossAndAccuracy(INDArray probabilities, INDArray labels) {
        int n = (int) labels.size(0);
        double loss = -Transforms.log(probabilities).mul(labels).sumNumber().doubleValue() / n;
        int right = 0;
        for (int i = 0; i < n; i++) {
            right += probabilities.getRow(i).argMax().getInt(0)
                            == labels.getRow(i).argMax().getInt(0)
                    ? 1
                    : 0;
        }
        return new double[] {loss, (double) right / n};
    }

    @Test
    void countsNanAndInfinityAndKeepsTheRest() {
        MultiLayerNetwork model = Models.dense();
        GradientTelemetry telemetry =
                GradientTelemetry.to("unused:1").start(model, started -> sink.publisher(started, 99));
        model.setListeners(
                injecting(gradient -> {
                    // the first layer's 24 weights come first, then its 6 biases, then the output's 30 weights
                    gradient.assign(2 * 4);
                    gradient.putScalar(0, Float.NaN);
                    gradient.putScalar(1, Float.NaN);
                    gradient.putScalar(2, Float.NEGATIVE_INFINITY);
                    gradient.putScalar(3, 0);
                    gradient.putScalar(24, Float.NaN); // a bias: does not count
                }),
                telemetry);
        model.fit(Models.data(DataType.FLOAT, 4, 1, 4));
        telemetry.close();
        LayerStatistics layers = records().get(0).getLayers();
        assertThat(layers.getNanCountList()).containsExactly(2, 0);
        assertThat(layers.getInfCountList()).containsExactly(1, 0);
        assertThat(layers.getMeanAbs(0)).isEqualTo(2f * 20 / 21);
        assertThat(layers.getMaxAbs(0)).isEqualTo(2f);
        assertThat(layers.getZeroFraction(0)).isEqualTo(1f / 21);
        assertThat(layers.getMeanAbs(1)).isEqualTo(2f);
        assertThat(layers.getUpdateRatio(0)).isNaN();
        assertThat(layers.getUpdateRatio(1)).isFinite();
    }

    @Test
    void seesGradientsThatAreAllZeroOrNotFiniteAtAll() {
        MultiLayerNetwork model = Models.dense();
        GradientTelemetry telemetry =
                GradientTelemetry.to("unused:1").start(model, started -> sink.publisher(started, 99));
        model.setListeners(
                injecting(gradient -> {
                    for (int i = 0; i < 24; i++) {
                        gradient.putScalar(i, 0);
                    }
                    for (int i = 30; i < 60; i++) {
                        gradient.putScalar(i, Float.POSITIVE_INFINITY);
                    }
                }),
                telemetry);
        model.fit(Models.data(DataType.FLOAT, 4, 1, 4));
        telemetry.close();
        LayerStatistics layers = records().get(0).getLayers();
        assertThat(layers.getMeanAbs(0)).isZero();
        assertThat(layers.getL2(0)).isZero();
        assertThat(layers.getZeroFraction(0)).isEqualTo(1);
        assertThat(layers.getUpdateRatio(0)).isZero();
        assertThat(layers.getMeanAbs(1)).isNaN();
        assertThat(layers.getMaxAbs(1)).isNaN();
        assertThat(layers.getInfCountList()).containsExactly(0, 30);
        assertThat(layers.getNanCountList()).isEmpty();
    }

    private static BaseTrainingListener injecting(java.util.function.Consumer<INDArray> change) {
        return new BaseTrainingListener() {
            @Override
            public void onGradientCalculation(Model model) {
                change.accept(((MultiLayerNetwork) model).getFlattenedGradients());
            }
        };
    }

    private List<Iteration> records() {
        List<Iteration> records = new ArrayList<>();
        for (Envelope envelope : sink.log()) {
            assertThat(WireFormat.decode(envelope.toByteArray())).isInstanceOf(Decoded.Known.class);
            if (envelope.hasIteration()) {
                records.add(envelope.getIteration());
            }
        }
        return records;
    }
}
