package io.gradwatch.experiments.network;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Leaky ReLU whose results are those that another network had at the same place.
 *
 * <p>A deep normalised network magnifies rounding: what differs by 1e-7 in the first layer differs by 1e-4 in the last,
 * and some elements lie on the other side of the kink, where the gradient jumps. Anchored to each other at every
 * activation, two networks compute the gradient at the same point; how far the result lay from the anchor by itself is
 * kept, so that the forward pass is compared too, layer by layer.
 */
final class AnchoredLeakyRelu extends BaseActivationFunction {
    private static final long serialVersionUID = 1L;

    private final transient INDArray anchor;
    private final transient INDArray slopes;
    private double relativeError = Double.NaN;

    /** @param anchor results of the other network */
    AnchoredLeakyRelu(INDArray anchor) {
        this.anchor = anchor.castTo(DataType.DOUBLE);
        slopes = anchor.gt(0)
                .castTo(DataType.DOUBLE)
                .muli(1 - Activation.LEAKY_SLOPE)
                .addi(Activation.LEAKY_SLOPE);
    }

    /** Distance of own result and anchor over the anchor's norm; NaN before a forward pass. */
    double relativeError() {
        return relativeError;
    }

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        INDArray negative = in.lt(0).castTo(DataType.DOUBLE);
        INDArray own = in.sub(in.mul(negative).muli(1 - Activation.LEAKY_SLOPE));
        relativeError = own.distance2(anchor) / anchor.norm2Number().doubleValue();
        return in.assign(anchor);
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        return new Pair<>(in.assign(epsilon).muli(slopes), null);
    }
}
