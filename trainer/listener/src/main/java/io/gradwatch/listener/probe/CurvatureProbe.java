package io.gradwatch.listener.probe;

import io.gradwatch.contract.v1.Curvature;
import io.gradwatch.listener.network.WeightLayer.Slot;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * How the loss bends along the gradient, and what a step of plain gradient descent would change.
 *
 * <p>For the gradient g of the batch's mean loss L, its Hessian H and a learning rate ε, Taylor's formula says L(θ − εg) −
 * L(θ) = −ε gᵀg + ½ε² gᵀHg + …. Where the second term outweighs the first, the step makes the loss larger.
 *
 * <p>gᵀHg = |g|² vᵀHv with v = g/|g|, and vᵀHv is how fast the slope along v changes, taken from two gradients: (v·∇L(θ)
 * − v·∇L(θ − hv)) / h. H itself is never formed. Scalar products are in double precision.
 *
 * <p><b>Why on one side.</b> The loss of a network of (leaky) ReLUs has kinks everywhere: as units change sides, ∇L turns
 * away from g whichever way one goes, and the slope along v falls on both sides of θ. A central difference cancels that; a
 * step meets it. On vgg08-bn-resnet at its first iteration the central difference says 0.2, the difference on the step's
 * side 4.0, and a step of 0.01·g loses as much of its promise as 4.0 says. Where the loss is smooth both agree, up to a
 * share of h.
 *
 * <p><b>How far.</b> h is 1/1000 of the parameters' norm in single precision. Below 1/5000 the difference drowns in what
 * rounding and single kinks do to the gradients; from there to 1/200 it hardly changes, measured on vgg08 and
 * vgg08-bn-resnet. In double precision it is a millionth. Where the slope changes by more than a fifth over that distance,
 * the loss bends too sharply for it, and a tenth of it is tried, at most twice.
 *
 * <p>Costs three forward and backward passes over the batch, one or two more where the loss bends sharply, and memory for
 * four copies of the parameters. The model is left bit by bit as it was, listeners hear nothing; training goes on as if
 * nothing had happened.
 */
public final class CurvatureProbe {
    private static final double FLOAT_STEP = 1e-3;
    private static final double DOUBLE_STEP = 1e-6;
    private static final double SHORTER = 0.1;
    private static final int ATTEMPTS = 3;
    /** Share of the slope that it may change over the distance h. */
    private static final double SHARP = 0.2;

    private CurvatureProbe() {}

    /**
     * As {@link #measure(Model, INDArray[], INDArray[], double)}, for one input and one output.
     *
     * @param features of a batch, examples first
     * @param labels of the batch
     * @param learningRate ε
     */
    public static Curvature measure(Model model, INDArray features, INDArray labels, double learningRate) {
        return measure(model, new INDArray[] {features}, new INDArray[] {labels}, learningRate);
    }

    /**
     * Measures before a step, on the training thread. Both losses are in training mode: batch normalisation takes the
     * batch's statistics, dropout is the same in all passes. A gradient of zero has no curvature: all results are 0. What
     * is not finite gives NaN or infinities.
     *
     * @param model a ComputationGraph or MultiLayerNetwork
     * @param features of a batch, one array for each input, examples first, without masks
     * @param labels likewise for each output
     * @param learningRate ε, above 0
     * @throws IllegalArgumentException when the learning rate or the model is another
     */
    public static Curvature measure(Model model, INDArray[] features, INDArray[] labels, double learningRate) {
        if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
            throw new IllegalArgumentException("learning rate " + learningRate + "; accepted is above 0 and finite");
        }
        long begin = System.nanoTime();
        Curvature.Builder result = Curvature.newBuilder().setStep((float) learningRate);
        try (Passes passes = Passes.on(model)) {
            measure(passes, features, labels, learningRate, result);
        }
        return result.setCostMs((System.nanoTime() - begin) / 1e6f).build();
    }

    private static void measure(
            Passes passes, INDArray[] features, INDArray[] labels, double learningRate, Curvature.Builder result) {
        List<Slot> trained = passes.layout().trained();
        long batch = features[0].size(0);
        INDArray direction = flat(passes.gradient(features, labels)).dup();
        double loss = passes.loss();
        clearOthers(direction, trained);
        double norm = Math.sqrt(Products.dot(direction, direction, trained)) / batch; // |g|
        double bend = 0; // vᵀHv
        double actual = 0;
        if (norm != 0) {
            direction.muli(1 / (norm * batch)); // v
            double distance = distance(passes.parameters(), trained);
            for (int attempt = 0; attempt < ATTEMPTS; attempt++, distance *= SHORTER) {
                passes.move(direction, -distance);
                double slope = Products.dot(flat(passes.gradient(features, labels)), direction, trained) / batch;
                bend = (norm - slope) / distance;
                if (!(Math.abs(norm - slope) > SHARP * norm)) {
                    break;
                }
            }
            passes.move(direction, -learningRate * norm);
            passes.gradient(features, labels);
            actual = passes.loss() - loss;
        }
        double square = norm * norm;
        double curvature = square * bend;
        result.setGradientSquare(square)
                .setGradientCurvature(curvature)
                .setPredictedChange(-learningRate * square + learningRate * learningRate * curvature / 2)
                .setActualChange(actual);
    }

    /** h: a share of the parameters' norm. */
    private static double distance(INDArray parameters, List<Slot> trained) {
        double norm = Math.sqrt(Products.dot(flat(parameters), flat(parameters), trained));
        double share = parameters.dataType() == DataType.DOUBLE ? DOUBLE_STEP : FLOAT_STEP;
        return share * (norm > 0 ? norm : 1);
    }

    /** What stands for running values is no gradient. */
    private static void clearOthers(INDArray direction, List<Slot> trained) {
        long at = 0;
        for (Slot slot : trained) {
            clear(direction, at, slot.offset());
            at = slot.offset() + slot.length();
        }
        clear(direction, at, direction.length());
    }

    private static void clear(INDArray array, long from, long to) {
        if (to > from) {
            array.get(NDArrayIndex.interval(from, to)).assign(0);
        }
    }

    private static INDArray flat(INDArray array) {
        return array.reshape(array.length());
    }
}
