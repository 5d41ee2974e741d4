package io.gradwatch.listener.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.listener.network.WeightLayer;
import io.gradwatch.listener.network.WeightLayer.Slot;
import io.gradwatch.listener.statistics.DeviceArrays.Figure;
import io.gradwatch.listener.statistics.RowPlan.Row;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class RowPlanTest {
    /** Two elements of something else lie before the first, between the second's two, and at the end. */
    private static final List<WeightLayer> LAYERS =
            List.of(layer(new Slot(2, 5)), layer(new Slot(7, 2), new Slot(11, 1)));

    private static final int LENGTH = 14;

    @Test
    void cutsEveryLayerIntoRowsOfItsOwn() {
        RowPlan plan = RowPlan.of(LAYERS, 3);

        assertThat(plan.width()).isEqualTo(3);
        assertThat(plan.rows())
                .containsExactly(new Row(0, 2, 3), new Row(0, 5, 2), new Row(1, 7, 2), new Row(1, 11, 1));
        assertThat(plan.indices(0, 4, LENGTH)).containsExactly(2, 3, 4, 5, 6, 14, 7, 8, 14, 11, 14, 14);
        assertThat(plan.indices(1, 2, LENGTH)).containsExactly(5, 6, 14);
    }

    @Test
    void isNoWiderThanTheLargestLayer() {
        assertThat(RowPlan.of(LAYERS).width()).isEqualTo(5);
        assertThat(RowPlan.of(List.of(layer(new Slot(0, 100_000)))).rows()).hasSize(25);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 9, 100})
    void isReducedInBlocksOfAnySize(int block) {
        RowPlan plan = RowPlan.of(LAYERS, 3);
        float[] gradient = new float[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            gradient[i] = i % 2 == 0 ? i : -i;
        }
        DeviceArrays arrays = new DeviceArrays(plan, LENGTH, new int[] {13, LENGTH}, block);

        arrays.gradient(Nd4j.createFromArray(gradient).reshape(1, LENGTH), Nd4j.ones(1, LENGTH));
        arrays.update(Nd4j.ones(1, LENGTH).muli(2));
        arrays.extra(Nd4j.createFromArray(7.0));

        INDArray result = arrays.result();
        assertThat(figures(arrays, result, Figure.SUM)).containsExactly(9, 11, 15, 11);
        assertThat(figures(arrays, result, Figure.SQUARES)).containsExactly(29, 61, 113, 121);
        assertThat(figures(arrays, result, Figure.MAX)).containsExactly(4, 6, 8, 11);
        assertThat(figures(arrays, result, Figure.ZEROS)).containsExactly(0, 1, 1, 2); // filled up
        assertThat(figures(arrays, result, Figure.PARAMETER_SQUARES)).containsExactly(3, 2, 2, 1);
        assertThat(figures(arrays, result, Figure.UPDATE_SQUARES)).containsExactly(12, 8, 8, 4);
        assertThat(arrays.picked().get(0).toDoubleVector()).containsExactly(-13, 0);
        assertThat(arrays.picked().get(1).toDoubleVector()).containsExactly(1, 0);
        assertThat(result.getDouble(arrays.extraPosition())).isEqualTo(7);
    }

    private static double[] figures(DeviceArrays arrays, INDArray result, Figure figure) {
        double[] figures = new double[4];
        for (int i = 0; i < figures.length; i++) {
            figures[i] = result.getDouble(arrays.position(figure) + i);
        }
        return figures;
    }

    private static WeightLayer layer(Slot... slots) {
        return new WeightLayer("x", "dense", true, false, List.of(slots), List.of(1));
    }
}
