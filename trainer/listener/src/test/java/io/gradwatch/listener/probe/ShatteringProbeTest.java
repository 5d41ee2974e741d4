package io.gradwatch.listener.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.contract.v1.Shattering;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ShatteringProbeTest {
    @Test
    void isOneForTwoEqualHalves() {
        INDArray x = SmallModels.normal(DataType.FLOAT, 1, 6, 2, 5, 5);
        INDArray y = SmallModels.labels(DataType.FLOAT, 2, 6);
        ComputationGraph model = SmallModels.withTraces(DataType.FLOAT);
        Shattering measured = ShatteringProbe.measure(model, Nd4j.concat(0, x, x), Nd4j.concat(0, y, y));
        assertThat(measured.getCorrelation()).isCloseTo(1, within(1e-6f));
        assertThat(measured.getLayerCorrelationList()).hasSize(3).allMatch(r -> Math.abs(r - 1) < 1e-6);
        assertThat(measured.getCostMs()).isPositive();
    }

    @Test
    void isMinusOneForOppositeErrors() {
        MultiLayerNetwork model = SmallModels.linear(DataType.DOUBLE);
        INDArray x = SmallModels.normal(DataType.DOUBLE, 1, 6, 4);
        INDArray error = SmallModels.normal(DataType.DOUBLE, 2, 6, 3);
        INDArray output = model.output(x);
        Shattering measured = ShatteringProbe.measure(
                model, Nd4j.concat(0, x, x), Nd4j.concat(0, output.add(error), output.sub(error)));
        assertThat(measured.getCorrelation()).isCloseTo(-1, within(1e-6f));
    }

    @Test
    void agreesWithTheCorrelationOfTwoGradients() {
        MultiLayerNetwork model = SmallModels.plain(2);
        INDArray x = SmallModels.normal(DataType.FLOAT, 1, 9, 20);
        INDArray y = SmallModels.labels(DataType.FLOAT, 2, 9);
        Shattering measured = ShatteringProbe.measure(model, x, y);
        double[] first = gradient(model, x, y, 0);
        double[] second = gradient(model, x, y, 4); // the ninth example is left out
        assertThat(measured.getCorrelation()).isCloseTo((float) correlation(first, second), within(1e-5f));
    }

    @Test
    void fallsWithDepth() {
        INDArray x = SmallModels.normal(DataType.FLOAT, 1, 256, 20);
        // what the shallow network can see: the label is the largest of five inputs
        INDArray y = Nd4j.zeros(DataType.FLOAT, 256, 5);
        for (int i = 0; i < 256; i++) {
            int best = 0;
            for (int c = 1; c < 5; c++) {
                best = x.getDouble(i, c) > x.getDouble(i, best) ? c : best;
            }
            y.putScalar(new int[] {i, best}, 1);
        }
        float shallow = ShatteringProbe.measure(SmallModels.plain(0), x, y).getCorrelation();
        float deep = ShatteringProbe.measure(SmallModels.plain(30), x, y).getCorrelation();
        float deepRandom = ShatteringProbe.measure(SmallModels.plain(30), x, SmallModels.labels(DataType.FLOAT, 4, 256))
                .getCorrelation();
        assertThat(shallow).isGreaterThan(0.5f);
        assertThat(deep).isBetween(-0.2f, 0.2f);
        assertThat(deepRandom).isBetween(-0.2f, 0.2f);
    }

    @Test
    void isNaNForAGradientThatIsConstant() {
        MultiLayerNetwork model = SmallModels.linear(DataType.DOUBLE);
        INDArray x = SmallModels.normal(DataType.DOUBLE, 1, 6, 4);
        INDArray y = model.output(x).dup();
        assertThat(ShatteringProbe.measure(
                                model, x.mul(0), model.output(x.mul(0)).dup())
                        .getCorrelation())
                .isNaN();
        y.putScalar(0, Double.NaN);
        assertThat(ShatteringProbe.measure(model, x, y).getCorrelation()).isNaN();
    }

    @Test
    void refusesABatchThatHasNoHalves() {
        MultiLayerNetwork model = SmallModels.linear(DataType.DOUBLE);
        INDArray x = SmallModels.normal(DataType.DOUBLE, 1, 1, 4);
        assertThatThrownBy(() -> ShatteringProbe.measure(model, x, model.output(x)))
                .hasMessage("a batch of 1; accepted is 2 or more");
    }

    private static double[] gradient(MultiLayerNetwork model, INDArray x, INDArray y, int from) {
        var rows = org.nd4j.linalg.indexing.NDArrayIndex.interval(from, from + 4);
        model.setInput(x.get(rows).dup());
        model.setLabels(y.get(rows).dup());
        model.computeGradientAndScore();
        return model.getFlattenedGradients().castTo(DataType.DOUBLE).reshape(-1).toDoubleVector();
    }

    private static double correlation(double[] a, double[] b) {
        double meanA = java.util.Arrays.stream(a).average().orElseThrow();
        double meanB = java.util.Arrays.stream(b).average().orElseThrow();
        double ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return ab / Math.sqrt(aa * bb);
    }
}
