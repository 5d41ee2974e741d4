package io.gradwatch.listener.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.contract.v1.Curvature;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

class CurvatureProbeTest {
    @Test
    void agreesWithTheHessianOfASmallNetwork() {
        MultiLayerNetwork model = SmallModels.smooth();
        INDArray x = SmallModels.normal(DataType.DOUBLE, 1, 6, 4);
        INDArray y = SmallModels.labels(DataType.DOUBLE, 2, 6);
        INDArray start = model.params().dup();
        int n = (int) start.length();
        double h = 1e-4;
        double[] g = new double[n];
        double[][] hessian = new double[n][n];
        // differences of losses alone: nothing in common with what is tested
        for (int i = 0; i < n; i++) {
            g[i] = (loss(model, start, x, y, i, h, i, 0) - loss(model, start, x, y, i, -h, i, 0)) / (2 * h);
            for (int j = 0; j <= i; j++) {
                hessian[i][j] = (loss(model, start, x, y, i, h, j, h)
                                - loss(model, start, x, y, i, h, j, -h)
                                - loss(model, start, x, y, i, -h, j, h)
                                + loss(model, start, x, y, i, -h, j, -h))
                        / (4 * h * h);
                hessian[j][i] = hessian[i][j];
            }
        }
        double square = 0;
        double curvature = 0;
        for (int i = 0; i < n; i++) {
            square += g[i] * g[i];
            for (int j = 0; j < n; j++) {
                curvature += g[i] * hessian[i][j] * g[j];
            }
        }
        Curvature measured = CurvatureProbe.measure(model, x, y, 0.05);
        assertThat(measured.getGradientSquare()).isCloseTo(square, within(1e-6 * square));
        assertThat(measured.getGradientCurvature()).isCloseTo(curvature, within(1e-4 * Math.abs(curvature)));
        assertThat(measured.getPredictedChange())
                .isCloseTo(-0.05 * square + 0.00125 * curvature, within(1e-6 * square));
        assertThat(measured.getActualChange())
                .isNegative()
                .isCloseTo(measured.getPredictedChange(), within(1e-3 * square));
        assertThat(measured.getStep()).isEqualTo(0.05f);
        assertThat(measured.getCostMs()).isPositive();
        // half as far, a quarter of the second-order term and an eighth of the rest
        Curvature half = CurvatureProbe.measure(model, x, y, 0.025);
        double rest = measured.getActualChange() - measured.getPredictedChange();
        assertThat(half.getActualChange() - half.getPredictedChange()).isCloseTo(rest / 8, within(Math.abs(rest) / 40));
    }

    @Test
    void predictsAQuadraticLossExactly() {
        MultiLayerNetwork model = SmallModels.linear(DataType.DOUBLE);
        INDArray x = SmallModels.normal(DataType.DOUBLE, 1, 8, 4);
        INDArray y = SmallModels.normal(DataType.DOUBLE, 2, 8, 3);
        model.setInput(x);
        model.setLabels(y);
        model.computeGradientAndScore();
        // H maps a direction to the change of the gradient; for squared errors dᵀHd = 2·mean((x·dW + db)²)
        INDArray gw = model.gradient().getGradientFor("0_W").div(8);
        INDArray gb = model.gradient().getGradientFor("0_b").div(8);
        INDArray change = x.mmul(gw).addRowVector(gb.reshape(3));
        double exact = 2 * change.mul(change).sumNumber().doubleValue() / (8 * 3);
        double square =
                gw.mul(gw).sumNumber().doubleValue() + gb.mul(gb).sumNumber().doubleValue();

        Curvature measured = CurvatureProbe.measure(model, x, y, 0.7);
        assertThat(measured.getGradientSquare()).isCloseTo(square, within(1e-12 * square));
        assertThat(measured.getGradientCurvature()).isCloseTo(exact, within(1e-7 * exact));
        assertThat(measured.getActualChange())
                .isCloseTo(measured.getPredictedChange(), within(1e-7 * Math.abs(measured.getPredictedChange())));
        // so far that the second order outweighs the first: the loss grows, as predicted
        Curvature far = CurvatureProbe.measure(model, x, y, 3 * square / exact);
        assertThat(far.getPredictedChange()).isPositive();
        assertThat(far.getActualChange()).isCloseTo(far.getPredictedChange(), within(1e-6 * far.getPredictedChange()));
    }

    @Test
    void isExactEnoughInSinglePrecision() {
        MultiLayerNetwork model = SmallModels.linear(DataType.FLOAT);
        INDArray x = SmallModels.normal(DataType.FLOAT, 1, 8, 4);
        INDArray y = SmallModels.normal(DataType.FLOAT, 2, 8, 3);
        MultiLayerNetwork exact = SmallModels.linear(DataType.DOUBLE);
        exact.setParams(model.params().castTo(DataType.DOUBLE));
        Curvature expected = CurvatureProbe.measure(exact, x.castTo(DataType.DOUBLE), y.castTo(DataType.DOUBLE), 0.1);
        Curvature measured = CurvatureProbe.measure(model, x, y, 0.1);
        assertThat(measured.getGradientCurvature() / expected.getGradientCurvature())
                .isCloseTo(1, within(2e-3));
        assertThat(measured.getActualChange() / expected.getActualChange()).isCloseTo(1, within(1e-5));
    }

    @Test
    void hasNothingToSayWhereTheGradientIsZeroAndDoesNotHideNaN() {
        MultiLayerNetwork model = SmallModels.linear(DataType.DOUBLE);
        INDArray x = SmallModels.normal(DataType.DOUBLE, 1, 8, 4);
        Curvature flat = CurvatureProbe.measure(model, x, model.output(x), 0.1);
        assertThat(flat.getGradientSquare()).isLessThan(1e-25);
        assertThat(flat.getActualChange()).isCloseTo(0, within(1e-25));
        x.putScalar(0, Double.NaN);
        INDArray before = model.params().dup();
        Curvature broken = CurvatureProbe.measure(model, x, SmallModels.normal(DataType.DOUBLE, 2, 8, 3), 0.1);
        assertThat(broken.getGradientCurvature()).isNaN();
        assertThat(broken.getActualChange()).isNaN();
        assertThat(model.params()).isEqualTo(before);
    }

    @Test
    void refusesALearningRateThatIsNone() {
        MultiLayerNetwork model = SmallModels.linear(DataType.DOUBLE);
        INDArray x = SmallModels.normal(DataType.DOUBLE, 1, 8, 4);
        assertThatThrownBy(() -> CurvatureProbe.measure(model, x, model.output(x), 0))
                .hasMessage("learning rate 0.0; accepted is above 0 and finite");
    }

    private static double loss(
            MultiLayerNetwork model, INDArray start, INDArray x, INDArray y, int i, double di, int j, double dj) {
        INDArray moved = start.dup();
        moved.putScalar(i, moved.getDouble(i) + di);
        moved.putScalar(j, moved.getDouble(j) + dj);
        model.params().assign(moved);
        double loss = model.score(new DataSet(x, y)) - model.calcRegularizationScore(true);
        model.params().assign(start);
        return loss;
    }
}
