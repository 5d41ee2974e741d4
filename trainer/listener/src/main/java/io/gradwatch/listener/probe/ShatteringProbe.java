package io.gradwatch.listener.probe;

import io.gradwatch.contract.v1.Shattering;
import io.gradwatch.listener.network.WeightLayer;
import java.util.Arrays;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * How far the gradients of the two halves of a batch agree: the correlation coefficient of the two, near 1 where they show
 * the same way, near 0 where they have nothing in common, as in a deep plain network whose gradients resemble white noise
 * ("The Shattered Gradients Problem", Balduzzi et al. 2017).
 *
 * <p>Costs two forward and backward passes over half the batch each, and memory for three copies of the parameters. The
 * model is left bit by bit as it was, listeners hear nothing; training goes on as if nothing had happened.
 */
public final class ShatteringProbe {
    private ShatteringProbe() {}

    /**
     * As {@link #measure(Model, INDArray[], INDArray[])}, for one input and one output.
     *
     * @param features of a batch, examples first
     * @param labels of the batch
     */
    public static Shattering measure(Model model, INDArray features, INDArray labels) {
        return measure(model, new INDArray[] {features}, new INDArray[] {labels});
    }

    /**
     * Measures before a step, on the training thread. The first half of the batch is compared with the second; of an odd
     * number of examples the last one is left out. Batch normalisation takes each half's own statistics.
     *
     * @param model a ComputationGraph or MultiLayerNetwork
     * @param features of a batch of two examples or more, one array for each input, examples first, without masks
     * @param labels likewise for each output
     * @throws IllegalArgumentException when the batch is smaller, or the model is another
     */
    public static Shattering measure(Model model, INDArray[] features, INDArray[] labels) {
        long begin = System.nanoTime();
        long half = features[0].size(0) / 2;
        if (half < 1) {
            throw new IllegalArgumentException("a batch of " + features[0].size(0) + "; accepted is 2 or more");
        }
        Shattering.Builder result = Shattering.newBuilder();
        try (Passes passes = Passes.on(model)) {
            INDArray first = passes.gradient(rows(features, 0, half), rows(labels, 0, half))
                    .dup();
            INDArray second = passes.gradient(rows(features, half, 2 * half), rows(labels, half, 2 * half));
            Correlation all = new Correlation();
            Products.each(first, second, passes.layout().trained(), all);
            result.setCorrelation((float) all.value());
            for (WeightLayer layer : passes.layout().layers()) {
                Correlation one = new Correlation();
                Products.each(first, second, layer.weights(), one);
                result.addLayerCorrelation((float) one.value());
            }
        }
        return result.setCostMs((System.nanoTime() - begin) / 1e6f).build();
    }

    private static INDArray[] rows(INDArray[] arrays, long from, long to) {
        return Arrays.stream(arrays)
                .map(array -> array.get(NDArrayIndex.interval(from, to)).dup('c'))
                .toArray(INDArray[]::new);
    }
}
