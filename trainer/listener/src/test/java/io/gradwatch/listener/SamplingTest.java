package io.gradwatch.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Curvature;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.contract.v1.Shattering;
import io.gradwatch.listener.probe.CurvatureProbe;
import io.gradwatch.listener.publish.FakeSink;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** What is measured now and then, from the builder to the records. */
@Timeout(60)
class SamplingTest {
    private final FakeSink sink = new FakeSink();

    @Test
    void probesAsOftenAsTheBuilderSaysAndChangesNothing() {
        MultiLayerNetwork model = Models.sequential(DataType.FLOAT, false);
        GradientTelemetry telemetry = GradientTelemetry.to("unused:1")
                .curvatureEvery(2)
                .shatteringEvery(3)
                .histogramsEvery(1)
                .activationsEvery(1)
                .start(model, started -> sink.publisher(started, 99));
        model.setListeners(telemetry);
        MultiLayerNetwork alone = Models.sequential(DataType.FLOAT, false);
        for (int i = 0; i < 5; i++) {
            DataSet data = Models.data(DataType.FLOAT, 8, i, 2, 6, 6);
            Curvature expected = CurvatureProbe.measure(
                    model, data.getFeatures(), data.getLabels(), i < 2 ? 0.1 : i < 4 ? 0.05 : 0.025);
            telemetry.beforeStep(data.getFeatures(), data.getLabels());
            model.fit(data);
            alone.fit(data);
            if (i % 2 == 0) {
                // at the learning rate of this very step, which the schedule halves
                org.awaitility.Awaitility.await().until(() -> !iterations().isEmpty());
                int at = i;
                org.awaitility.Awaitility.await().until(() -> iterations().size() == at + 1);
                Curvature measured = iterations().get(i).getCurvature();
                assertThat(measured.getStep()).isEqualTo(expected.getStep());
                assertThat(measured.getPredictedChange()).isEqualTo(expected.getPredictedChange());
            }
        }
        telemetry.close();
        assertThat(telemetry.failures()).isZero();
        assertThat(model.params()).isEqualTo(alone.params());
        assertThat(iterations().stream().map(Iteration::hasCurvature)).containsExactly(true, false, true, false, true);
        assertThat(iterations().stream().map(Iteration::hasShattering))
                .containsExactly(true, false, false, true, false);
        assertThat(iterations().get(0).getShattering().getLayerCorrelationList())
                .hasSize(3)
                .allMatch(r -> r >= -1 && r <= 1);
        assertThat(iterations().get(0).getLoss()).isPositive();
        assertThat(iterations()).allMatch(Iteration::hasActivations);
        RunStarted run = sink.log().get(0).getRunStarted();
        assertThat(iterations())
                .allMatch(record -> WireFormat.problemOf(run, record).isEmpty());
    }

    @Test
    void theTimeOfAProbeIsNoPartOfTheIteration() throws InterruptedException {
        MultiLayerNetwork model = Models.dense();
        GradientTelemetry telemetry =
                GradientTelemetry.to("unused:1").start(model, started -> sink.publisher(started, 99));
        model.setListeners(telemetry);
        DataSet data = Models.data(DataType.FLOAT, 4, 1, 4);
        model.fit(data);
        long begin = System.nanoTime();
        Thread.sleep(400); // a measurement of the user's own
        float cost = (System.nanoTime() - begin) / 1e6f;
        telemetry.sample(
                Shattering.newBuilder().setCorrelation(0.5f).setCostMs(cost).build());
        Thread.sleep(100); // waiting for data, which does count
        model.fit(data);
        float all = (System.nanoTime() - begin) / 1e6f;
        model.fit(data);
        telemetry.close();
        Iteration second = iterations().get(1);
        assertThat(second.getShattering().getCorrelation()).isEqualTo(0.5f);
        assertThat(second.getIterationMs()).isBetween(99f, all - cost + 200);
        assertThat(second.getTelemetryMs()).isLessThan(all - cost);
        assertThat(iterations().get(2).hasShattering()).isFalse();
    }

    @Test
    void aProbeThatFailsIsCountedAndTrainingGoesOn() {
        MultiLayerNetwork model = Models.dense();
        GradientTelemetry telemetry = GradientTelemetry.to("unused:1")
                .curvatureEvery(1)
                .shatteringEvery(1)
                .start(model, started -> sink.publisher(started, 99));
        model.setListeners(telemetry);
        DataSet data = Models.data(DataType.FLOAT, 1, 1, 4); // one example has no halves
        INDArray wrong = Models.data(DataType.FLOAT, 4, 1, 9).getFeatures();
        telemetry.beforeStep(data.getFeatures(), data.getLabels());
        assertThat(telemetry.failures()).isEqualTo(1);
        telemetry.beforeStep(wrong, data.getLabels());
        assertThat(telemetry.failures()).isEqualTo(3);
        model.fit(data);
        telemetry.close();
        assertThat(model.getListeners()).containsExactly(telemetry);
        assertThat(iterations().get(0).getCurvature().getGradientSquare()).isPositive();
        assertThat(telemetry.dropped()).isZero();
    }

    @Test
    void saysWhatTheProcessTakesOfTheMachineAboutOnceASecond() throws InterruptedException {
        MultiLayerNetwork model = Models.dense();
        GradientTelemetry telemetry =
                GradientTelemetry.to("unused:1").start(model, started -> sink.publisher(started, 9_999));
        GradientTelemetry silent = GradientTelemetry.to("unused:1")
                .resources(false)
                .start(model, started -> new FakeSink().publisher(started, 9_999));
        model.setListeners(telemetry, silent);
        DataSet data = Models.data(DataType.FLOAT, 4, 1, 4);
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < 2_500_000_000L) {
            model.fit(data);
            Thread.sleep(5);
        }
        telemetry.close();
        silent.close();
        List<Iteration> with =
                iterations().stream().filter(Iteration::hasResources).toList();
        assertThat(with).hasSizeBetween(1, 3);
        assertThat(with.get(0).getResources().getProcessCpu()).isPositive();
        assertThat(with.get(0).getResources().getHeapBytes()).isPositive();
        // the parameters and the gradient, and the workspaces that the steps run in
        assertThat(with.get(0).getResources().getNativeBytes()).isBetween(2L * 4 * model.numParams() + 1, 1L << 30);
        assertThat(with.get(0).getResources().hasGpu()).isFalse();
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(t -> t.getName().equals("gradwatch-resources")))
                .allMatch(t -> t.isDaemon());
    }

    private List<Iteration> iterations() {
        return sink.log().stream()
                .filter(Envelope::hasIteration)
                .map(Envelope::getIteration)
                .toList();
    }
}
