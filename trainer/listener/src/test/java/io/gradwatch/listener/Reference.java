package io.gradwatch.listener;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Remembers every iteration's arrays by name, one element at a time: slow, and independent of the flattened layout. */
final class Reference extends BaseTrainingListener {
    static final class Step {
        final Map<String, double[]> activations = new LinkedHashMap<>();
        final Map<String, long[]> shapes = new LinkedHashMap<>();
        final Map<String, double[]> gradients = new LinkedHashMap<>();
        final Map<String, double[]> before = new LinkedHashMap<>();
        final Map<String, double[]> after = new LinkedHashMap<>();
    }

    final List<Step> steps = new ArrayList<>();
    private Step now = new Step();

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
        now = new Step();
        activations.forEach(this::remember);
    }

    @Override
    public void onForwardPass(Model model, List<INDArray> activations) {
        now = new Step();
        for (int i = 1; i < activations.size(); i++) {
            remember(String.valueOf(i - 1), activations.get(i));
        }
    }

    private void remember(String name, INDArray array) {
        now.activations.put(name, values(array));
        now.shapes.put(name, array.shape());
    }

    @Override
    public void onGradientCalculation(Model model) {
        model.gradient().gradientForVariable().forEach((name, array) -> now.gradients.put(name, values(array)));
        model.paramTable().forEach((name, array) -> now.before.put(name, values(array)));
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        model.paramTable().forEach((name, array) -> now.after.put(name, values(array)));
        steps.add(now);
    }

    private static double[] values(INDArray array) {
        double[] values = new double[(int) array.length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.getDouble(i);
        }
        return values;
    }
}
