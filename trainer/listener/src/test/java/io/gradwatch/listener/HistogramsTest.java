package io.gradwatch.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.contract.Decoded;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Histogram;
import io.gradwatch.contract.v1.Histograms;
import io.gradwatch.listener.publish.FakeSink;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

@Timeout(60)
class HistogramsTest {
    private static final int BATCH = 8;

    private final FakeSink sink = new FakeSink();
    private final Reference reference = new Reference();

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void countsGradientsAndWeightsEverySoManyIterations(DataType type) {
        ComputationGraph model = Models.residual(type, false);
        GradientTelemetry telemetry = GradientTelemetry.to("unused:1")
                .histogramsEvery(2)
                .start(model, started -> sink.publisher(started, 99));
        model.setListeners(reference, telemetry);
        for (int i = 0; i < 4; i++) {
            model.fit(Models.data(type, BATCH, i, 2, 6, 6));
        }
        telemetry.close();
        List<Histograms> records = records();
        assertThat(records.stream().map(Histograms::getIteration)).containsExactly(0L, 2L);
        List<String> layers = List.of("entry", "skip", "a", "b", "out");
        for (Histograms record : records) {
            Reference.Step step = reference.steps.get((int) record.getIteration());
            assertThat(record.getGradientsList()).hasSameSizeAs(layers);
            for (int l = 0; l < layers.size(); l++) {
                String name = layers.get(l) + "_W";
                check(record.getGradients(l), Objects.requireNonNull(step.gradients.get(name)), BATCH);
                check(record.getParameters(l), Objects.requireNonNull(step.before.get(name)), 1);
            }
        }
        assertThat(sink.log().stream().filter(Envelope::hasIteration)).hasSize(4);
    }

    @Test
    void areNotThereUnlessAskedFor() {
        MultiLayerNetwork model = Models.dense();
        try (GradientTelemetry telemetry =
                GradientTelemetry.to("unused:1").start(model, started -> sink.publisher(started, 99))) {
            model.setListeners(telemetry);
            model.fit(Models.data(DataType.FLOAT, 4, 1, 4));
        }
        assertThat(records()).isEmpty();
        assertThatThrownBy(() -> GradientTelemetry.to("unused:1").histogramsEvery(-1))
                .hasMessage("histograms every -1 iterations; accepted is 1 or more, or 0 for never");
    }

    @Test
    void laterOnesSayHowManyWereDroppedAndIterationsDoNotCountThem() {
        MultiLayerNetwork model = Models.dense();
        GradientTelemetry telemetry = GradientTelemetry.to("unused:1")
                .histogramsEvery(1)
                .queueCapacity(2)
                .start(model, started -> sink.publisher(started, 2));
        model.setListeners(telemetry);
        Awaitility.await().until(() -> sink.log().size() == 1);
        sink.hold();
        for (int i = 0; i < 5; i++) {
            model.fit(Models.data(DataType.FLOAT, 4, 1, 4));
        }
        Awaitility.await().until(() -> sink.held() == 4);
        assertThat(telemetry.droppedHistograms()).isEqualTo(3);
        sink.release();
        Awaitility.await().until(() -> telemetry.delivered() == 2);
        Awaitility.await().until(() -> records().size() == 2);
        model.fit(Models.data(DataType.FLOAT, 4, 1, 4));
        telemetry.close();
        assertThat(records().get(2).getDropped()).isEqualTo(3);
        assertThat(records().get(2).getIteration()).isEqualTo(5);
        // three iterations were dropped, too: of their own account
        assertThat(telemetry.dropped()).isEqualTo(3);
    }

    private static void check(Histogram actual, double[] values, int divisor) {
        Histogram.Builder expected = Histogram.newBuilder();
        long[] counts = new long[WireFormat.HISTOGRAM_BINS];
        for (double value : values) {
            double x = Math.abs(value) / divisor;
            if (x == 0) {
                expected.setZeros(expected.getZeros() + 1);
                continue;
            }
            for (int b = 0; b < counts.length; b++) {
                counts[b] += x >= Math.pow(4, b - 51) && x < Math.pow(4, b - 50) ? 1 : 0;
            }
        }
        int first = 0;
        while (first < counts.length && counts[first] == 0) {
            first++;
        }
        int last = counts.length - 1;
        while (last >= 0 && counts[last] == 0) {
            last--;
        }
        for (int b = first; b <= last; b++) {
            expected.addCounts(counts[b]);
        }
        assertThat(actual)
                .isEqualTo(expected.setFirstBin(first > last ? 0 : first).build());
    }

    private List<Histograms> records() {
        return sink.log().stream()
                .filter(Envelope::hasHistograms)
                .peek(record ->
                        assertThat(WireFormat.decode(record.toByteArray())).isInstanceOf(Decoded.Known.class))
                .map(Envelope::getHistograms)
                .toList();
    }
}
