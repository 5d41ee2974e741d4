package io.gradwatch.experiments.network;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gradients of a network by parameter name, "stage1.block2.conv1_W", summed over the batch, in double. */
record Gradients(Map<String, double[]> byParameter) {
    static Gradients of(ComputationGraph network, SyntheticBatch batch) {
        network.setInput(0, batch.images());
        network.setLabel(0, batch.labels());
        network.computeGradientAndScore();
        Map<String, double[]> gradients = new LinkedHashMap<>();
        network.gradient()
                .gradientForVariable()
                .forEach((name, gradient) -> gradients.put(
                        name, gradient.castTo(DataType.DOUBLE).dup('c').data().asDouble()));
        return new Gradients(gradients);
    }

    /** Of the mean loss, if these are of the sum over that many images. */
    Gradients dividedByBatch(int images) {
        Map<String, double[]> means = new LinkedHashMap<>();
        byParameter.forEach((name, sums) ->
                means.put(name, Arrays.stream(sums).map(sum -> sum / images).toArray()));
        return new Gradients(means);
    }

    Set<String> parameters() {
        return byParameter.keySet();
    }

    double[] get(String parameter) {
        return requireNonNull(byParameter.get(parameter), parameter);
    }

    /** Gives a network the parameters of another one, by name. */
    static void copyParameters(ComputationGraph from, ComputationGraph to) {
        for (Map.Entry<String, INDArray> parameter : from.paramTable().entrySet()) {
            INDArray target = to.getParam(parameter.getKey());
            target.assign(parameter.getValue().castTo(target.dataType()));
        }
    }

    static double norm(double[] values) {
        double squares = 0;
        for (double value : values) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }

    static double distance(double[] a, double[] b) {
        double[] difference = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            difference[i] = a[i] - b[i];
        }
        return norm(difference);
    }
}
