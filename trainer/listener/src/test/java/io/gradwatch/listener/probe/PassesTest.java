package io.gradwatch.listener.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Probing leaves no trace: training with probes is the same bit by bit as training without. */
class PassesTest {
    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void aGraphTrainsTheSameWithProbesAndWithout(DataType type) {
        ComputationGraph alone = SmallModels.withTraces(type);
        ComputationGraph probed = SmallModels.withTraces(type);
        List<Double> scoresAlone = train(alone, type, false);
        List<Double> scoresProbed = train(probed, type, true);
        assertThat(scoresProbed).isEqualTo(scoresAlone);
        assertThat(probed.params()).isEqualTo(alone.params());
        assertThat(probed.getUpdater().getUpdaterStateViewArray())
                .isEqualTo(alone.getUpdater().getUpdaterStateViewArray());
        assertThat(probed.getIterationCount()).isEqualTo(alone.getIterationCount());
        assertThat(probed.getParam("bn_mean")).isEqualTo(alone.getParam("bn_mean"));
    }

    private static List<Double> train(ComputationGraph model, DataType type, boolean probing) {
        Nd4j.getRandom().setSeed(77); // of the dropout
        Hearing hearing = new Hearing();
        model.setListeners(hearing);
        List<Double> scores = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            INDArray x = SmallModels.normal(type, i, 8, 2, 5, 5);
            INDArray y = SmallModels.labels(type, 100 + i, 8);
            if (probing) {
                INDArray before = model.params().dup();
                double score = model.score();
                CurvatureProbe.measure(model, x, y, 0.01);
                ShatteringProbe.measure(model, x, y);
                assertThat(model.params()).isEqualTo(before);
                assertThat(model.score()).isEqualTo(score);
                assertThat(model.getListeners()).containsExactly(hearing);
            }
            model.fit(new INDArray[] {x}, new INDArray[] {y});
            scores.add(model.score());
        }
        assertThat(hearing.heard).isEqualTo(4 * 6);
        return scores;
    }

    @Test
    void aSequentialNetworkTrainsTheSameToo() {
        MultiLayerNetwork alone = SmallModels.plain(2);
        MultiLayerNetwork probed = SmallModels.plain(2);
        for (int i = 0; i < 4; i++) {
            INDArray x = SmallModels.normal(DataType.FLOAT, i, 8, 20);
            INDArray y = SmallModels.labels(DataType.FLOAT, 100 + i, 8);
            CurvatureProbe.measure(probed, x, y, 0.01);
            ShatteringProbe.measure(probed, x, y);
            probed.fit(x, y);
            alone.fit(x, y);
        }
        assertThat(probed.params()).isEqualTo(alone.params());
        assertThat(probed.score()).isEqualTo(alone.score());
    }

    @Test
    void givesTheModelBackWhenAPassFails() {
        ComputationGraph model = SmallModels.withTraces(DataType.FLOAT);
        Hearing hearing = new Hearing();
        model.setListeners(hearing);
        INDArray x = SmallModels.normal(DataType.FLOAT, 1, 8, 2, 5, 5);
        INDArray y = SmallModels.labels(DataType.FLOAT, 2, 8);
        model.fit(new INDArray[] {x}, new INDArray[] {y});
        INDArray before = model.params().dup();
        INDArray update = model.getFlattenedGradients().dup();
        assertThatThrownBy(() -> CurvatureProbe.measure(model, x, SmallModels.labels(DataType.FLOAT, 2, 7), 0.01))
                .isInstanceOf(RuntimeException.class);
        assertThat(model.params()).isEqualTo(before);
        assertThat(model.getFlattenedGradients()).isEqualTo(update);
        assertThat(model.getListeners()).containsExactly(hearing);
        model.fit(new INDArray[] {x}, new INDArray[] {y});
    }

    /** Counts the calls of a step. */
    private static final class Hearing extends BaseTrainingListener {
        private int heard;

        @Override
        public void onForwardPass(Model model, Map<String, INDArray> activations) {
            heard++;
        }

        @Override
        public void onBackwardPass(Model model) {
            heard++;
        }

        @Override
        public void onGradientCalculation(Model model) {
            heard++;
        }

        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            heard++;
        }
    }
}
