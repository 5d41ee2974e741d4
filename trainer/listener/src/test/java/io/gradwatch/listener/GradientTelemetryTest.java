package io.gradwatch.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.contract.RunIds;
import io.gradwatch.contract.v1.BatchNorm;
import io.gradwatch.contract.v1.Dataset;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Layer;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.listener.publish.Delivery;
import io.gradwatch.listener.publish.FakeSink;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

@Timeout(120)
class GradientTelemetryTest {
    private final FakeSink sink = new FakeSink();

    @Test
    void describesTheNetworkByItself() {
        ComputationGraph model = Models.residual(DataType.FLOAT, true);
        GradientTelemetry telemetry = builder().name("My Net!").start(model, started -> sink.publisher(started, 9));
        telemetry.close();
        RunStarted run = sink.log().get(0).getRunStarted();

        assertThat(run.getLayersList().stream().map(Layer::getName)).containsExactly("entry", "skip", "a", "b", "out");
        assertThat(run.getLayersList().stream().map(Layer::getMainPath)).containsExactly(true, false, true, true, true);
        assertThat(run.getLayersList().stream().map(Layer::getType))
                .containsExactly("conv2d", "conv2d", "conv2d", "conv2d", "dense");
        assertThat(run.getLayers(0).getShapeList()).containsExactly(4, 2, 3, 3);
        assertThat(run.getBatchNormsList().stream().map(BatchNorm::getLayer)).containsExactly(0, 3);
        assertThat(run.getBatchNormsList().stream().map(BatchNorm::getChannels)).containsExactly(4, 6);
        assertThat(run.getParameters()).isEqualTo(model.numParams() - 2 * (4 + 6));
        assertThat(run.getSeed()).isEqualTo(7);
        assertThat(run.getClasses()).isEqualTo(Models.CLASSES);
        assertThat(run.getName()).isEqualTo("My Net!");
        assertThat(run.getVersionsMap()).containsKeys("java", "backend");
        assertThat(telemetry.runId()).startsWith("my-net-").matches(RunIds::isValid);
        assertThat(sink.log().get(0).getRunId()).isEqualTo(telemetry.runId());
    }

    @Test
    void aFrozenLayerTakesNoPartInDepthRules() {
        ComputationGraph model = new TransferLearning.GraphBuilder(Models.residual(DataType.FLOAT, false))
                .setFeatureExtractor("entry-relu")
                .build();
        GradientTelemetry telemetry = builder().start(model, started -> sink.publisher(started, 9));
        model.setListeners(telemetry);
        model.fit(Models.data(DataType.FLOAT, 8, 1, 2, 6, 6));
        telemetry.close();

        RunStarted run = sink.log().get(0).getRunStarted();
        assertThat(run.getLayersList().stream().map(Layer::getName)).containsExactly("entry", "skip", "a", "b", "out");
        assertThat(run.getLayersList().stream().map(Layer::getMainPath))
                .containsExactly(false, false, true, true, true);
        assertThat(run.getLayers(0).getType()).isEqualTo("conv2d");
        LayerStatistics first = sink.log().get(1).getIteration().getLayers();
        assertThat(first.getMeanAbs(0)).isZero();
        assertThat(first.getMeanAbs(2)).isPositive();
    }

    @Test
    void saysWhatItsOwnerSays() {
        MultiLayerNetwork model = Models.dense();
        builder()
                .runId("r-1")
                .attempt(2)
                .preset("digits")
                .seed(99)
                .batchSize(4)
                .planned(2, 3, 6)
                .dataset(Dataset.newBuilder().setName("d").setSynthetic(true).build())
                .configuration(Map.of("lr", "0.1"))
                .versions(Map.of("java", "mine"))
                .tags(List.of("t"))
                .layers(name -> new LayerRole(!name.equals("first"), "stage " + name))
                .start(model, started -> sink.publisher(started, 9))
                .close();
        assertThat(sink.log().get(0).getAttempt()).isEqualTo(2);
        RunStarted run = sink.log().get(0).getRunStarted();
        assertThat(run.getPreset()).isEqualTo("digits");
        assertThat(run.getName()).isEqualTo("digits");
        assertThat(run.getSeed()).isEqualTo(99);
        assertThat(run.getPlannedIterations()).isEqualTo(6);
        assertThat(run.getDataset().getSynthetic()).isTrue();
        assertThat(run.getConfigurationMap()).containsEntry("lr", "0.1");
        assertThat(run.getVersionsMap()).containsEntry("java", "mine");
        assertThat(run.getLayers(0).getMainPath()).isFalse();
        assertThat(run.getLayers(1).getBlock()).isEqualTo("stage layer1");
        RunEnded end = sink.log().get(1).getRunEnded();
        assertThat(end.getStarted()).isEqualTo(run);
        assertThat(end.getOutcome()).isEqualTo(RunEnded.Outcome.STOPPED);
        assertThat(end.getReason()).contains("6 iterations");
    }

    @Test
    void publishesEveryIterationEpochAndTheEnd() {
        MultiLayerNetwork model = Models.dense();
        GradientTelemetry telemetry = attach(model, 1_000);
        for (int i = 0; i < 20; i++) {
            model.fit(batch());
        }
        telemetry.epoch(Epoch.newBuilder()
                .setEpoch(0)
                .setIteration(19)
                .setTrainLoss(1.5f)
                .build());
        telemetry.ended(RunEnded.Outcome.STOPPED, "enough");
        assertThat(telemetry.close(java.time.Duration.ofSeconds(30))).isEqualTo(new Delivery(20, 0, 0, true));
        assertThat(telemetry.close(java.time.Duration.ZERO)).isEqualTo(new Delivery(20, 0, 0, true));
        assertThat(sink.iterations()).hasSize(20).isSorted().startsWith(0L).endsWith(19L);
        assertThat(sink.log().get(21).getEpoch().getTrainLoss()).isEqualTo(1.5f);
        RunEnded end = sink.log().get(22).getRunEnded();
        assertThat(end.getOutcome()).isEqualTo(RunEnded.Outcome.STOPPED);
        assertThat(end.getReason()).isEqualTo("enough");
        assertThat(end.getIterations()).isEqualTo(20);
    }

    @Test
    void trainingGoesOnUnchangedWhileTheSinkIsBlocked() throws InterruptedException {
        INDArray alone = trained(Models.dense(), 50);
        sink.block();
        MultiLayerNetwork model = Models.dense();
        GradientTelemetry telemetry = attach(model, 10);
        sink.awaitOffer();
        // the sink is blocked until the line after: training gets through all the same, or this test never ends
        INDArray watched = trained(model, 50);
        sink.unblock();

        assertThat(watched).isEqualTo(alone);
        assertThat(telemetry.dropped()).isEqualTo(40);
        model.fit(batch());
        telemetry.close();
        assertThat(sink.iterations()).startsWith(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        RunEnded end = sink.log().get(sink.log().size() - 1).getRunEnded();
        assertThat(end.getIterations()).isEqualTo(51);
        assertThat(end.getDropped()).isEqualTo(telemetry.dropped());
    }

    @Test
    void everyLaterRecordSaysHowManyWereDropped() {
        MultiLayerNetwork model = Models.dense();
        GradientTelemetry telemetry = attach(model, 2);
        org.awaitility.Awaitility.await().until(() -> sink.log().size() == 1);
        sink.hold();
        for (int i = 0; i < 5; i++) {
            model.fit(batch());
        }
        org.awaitility.Awaitility.await().until(() -> sink.held() == 2);
        sink.release();
        org.awaitility.Awaitility.await().until(() -> telemetry.delivered() == 2);
        model.fit(batch());
        telemetry.close();
        assertThat(sink.iterations()).containsExactly(0L, 1L, 5L);
        assertThat(sink.log().get(3).getIteration().getDropped()).isEqualTo(3);
        assertThat(telemetry.delivered()).isEqualTo(3);
    }

    @Test
    void aFailureInsideNeverReachesTraining() {
        INDArray alone = trained(Models.dense(), 5);
        MultiLayerNetwork watched = Models.dense();
        MultiLayerNetwork other = Models.sequential(DataType.FLOAT, false);
        // a listener that was started for another network than the one that calls it
        GradientTelemetry telemetry = builder().start(other, started -> sink.publisher(started, 9));
        watched.setListeners(telemetry);
        assertThat(trained(watched, 5)).isEqualTo(alone);
        assertThat(telemetry.failures()).isPositive();
        assertThat(telemetry.dropped()).isEqualTo(5);
        telemetry.close();
        assertThat(sink.log().get(1).getRunEnded().getDropped()).isEqualTo(5);
    }

    @Test
    void aSinkThatThrowsNeverReachesTraining() {
        sink.answering(envelope -> {
            throw new IllegalStateException("a bug in the sink");
        });
        MultiLayerNetwork model = Models.dense();
        GradientTelemetry telemetry = attach(model, 3);
        assertThat(trained(model, 5)).isEqualTo(trained(Models.dense(), 5));
        Delivery delivery = telemetry.close(java.time.Duration.ofSeconds(5));
        assertThat(delivery).isEqualTo(new Delivery(0, 2, 3, false));
    }

    @Test
    void doesNotChangeTraining() {
        MultiLayerNetwork watched = Models.sequential(DataType.DOUBLE, true);
        GradientTelemetry telemetry = builder().start(watched, started -> sink.publisher(started, 99));
        watched.setListeners(telemetry);
        MultiLayerNetwork alone = Models.sequential(DataType.DOUBLE, true);
        for (int i = 0; i < 5; i++) {
            watched.fit(Models.data(DataType.DOUBLE, 6, i, 2, 6, 6));
            alone.fit(Models.data(DataType.DOUBLE, 6, i, 2, 6, 6));
        }
        telemetry.close();
        assertThat(watched.params()).isEqualTo(alone.params());
    }

    @Test
    void refusesWhatItCannotWatch() {
        assertThatThrownBy(() ->
                        builder().start(new MultiLayerNetwork(Models.dense().getLayerWiseConfigurations())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("call init() first");
        assertThatThrownBy(() -> builder().runId("a b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a b")
                .hasMessageContaining(RunIds.FORM);
        assertThatThrownBy(() -> builder().queueCapacity(0)).hasMessage("queue capacity 0; accepted is 1 or more");
        assertThatThrownBy(() -> builder().kafka("acks", "most").start(Models.dense()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("acks");
    }

    @Test
    void startsAndEndsInTimeWithoutABroker() {
        MultiLayerNetwork model = Models.dense();
        // nothing listens on this port of this machine
        GradientTelemetry telemetry =
                GradientTelemetry.to("127.0.0.1:1").queueCapacity(3).attach(model);
        trained(model, 5);
        assertThat(telemetry.dropped()).isEqualTo(2);
        assertThat(telemetry.close(java.time.Duration.ofMillis(300))).isEqualTo(new Delivery(0, 2, 3, false));
    }

    private static TelemetryBuilder builder() {
        return GradientTelemetry.to("unused:1");
    }

    private GradientTelemetry attach(MultiLayerNetwork model, int capacity) {
        GradientTelemetry telemetry = builder().start(model, started -> sink.publisher(started, capacity));
        model.addListeners(telemetry);
        return telemetry;
    }

    private static INDArray trained(MultiLayerNetwork model, int iterations) {
        for (int i = 0; i < iterations; i++) {
            model.fit(batch());
        }
        return model.params();
    }

    private static DataSet batch() {
        return Models.data(DataType.FLOAT, 4, 1, 4);
    }
}
